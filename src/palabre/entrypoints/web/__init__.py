"""The pages people see: HTML that works without JavaScript and gets quicker with it."""
