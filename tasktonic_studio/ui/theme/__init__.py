"""Looks, in one place: colour roles, fonts, styles and icons."""
