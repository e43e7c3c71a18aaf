"""What each part of the page shows: frozen values read from the store, one noun a file. No HTML."""
