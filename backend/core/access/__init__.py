"""Who may do what: one enum of permissions, pure predicates, one table, one short evaluator."""
