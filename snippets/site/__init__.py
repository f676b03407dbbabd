"""The site around the pages: built beside the last one, checked, and swapped in."""
