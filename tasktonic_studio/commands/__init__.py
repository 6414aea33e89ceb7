"""What the user can do, as data: menus, toolbar, palette and tests read the same list."""
