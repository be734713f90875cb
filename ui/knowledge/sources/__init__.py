"""Files and folders that articles come from."""
