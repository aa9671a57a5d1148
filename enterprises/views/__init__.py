"""Pages of enterprises, Party organisations and the registers."""
