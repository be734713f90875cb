"""Where texts hold personal data, and how it is taken out of them and put back."""
