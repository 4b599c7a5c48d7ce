"""Things are made and changed in the browser, by the forms that their shapes make; nothing needs a script."""
