"""How a bilevel problem is solved: one module for each method, one function `search` in each."""
