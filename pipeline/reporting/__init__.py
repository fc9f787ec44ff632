"""The page of findings and the problem list, made from disclosed figures only."""
