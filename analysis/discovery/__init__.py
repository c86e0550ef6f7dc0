"""Groups what fits no theme, and names each group by its own words."""
