"""The demo: the sample tender taken through the whole procedure over HTTP."""
