"""What to suggest: a reviewed text, a draft from passages, or honest silence; and whether a draft's facts hold."""
