"""No module reaches itself by its own imports: a reader can begin anywhere and come to an end."""

from graphlib import TopologicalSorter

import grimp


def test_no_imports_run_in_a_circle() -> None:
    graph = grimp.build_graph(
        "backend", "analysis", exclude_type_checking_imports=True, cache_dir=None
    )
    modules = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    assert len(modules) > 300
    order = list(TopologicalSorter(modules).static_order())  # raises CycleError with the circle
    assert len(order) == len(modules)
