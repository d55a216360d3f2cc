"""The console in the browser: the built files in `built/`, served beside the API and before its authentication."""
