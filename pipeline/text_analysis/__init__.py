"""What people say in their own words: segmentation, keyness, coding, themes, interviews."""
