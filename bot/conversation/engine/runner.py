"""Runs the trained graph in a fixed order. Rasa plans it anew at every message, through a task scheduler."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner


class PlannedRunner(DaskGraphRunner):
    """Same nodes, same results; the order of the nodes of a target is worked out once."""

    _plans: dict[str, list[tuple[str, tuple[str, ...]]]]

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Return the outputs of `targets`, given the placeholders' values in `inputs`."""
        if not hasattr(self, "_plans"):
            self._plans = {}
        outputs: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        wanted = targets or self._graph_schema.target_names
        for target in wanted:
            plan = self._plans.get(target)
            if plan is None:
                plan = self._plans[target] = _in_order(self._graph_schema.minimal_graph_schema([target]))
            for name, needs in plan:
                if name not in outputs:
                    outputs[name] = self._instantiated_nodes[name](*(outputs[need] for need in needs))
        return {target: outputs[target][1] for target in wanted}


def _in_order(schema: GraphSchema) -> list[tuple[str, tuple[str, ...]]]:
    """Return (node, what it needs), each after all that it needs."""
    order: list[tuple[str, tuple[str, ...]]] = []
    placed: set[str] = set()

    def place(name: str) -> None:
        if name in placed or name not in schema.nodes:
            return  # placed already, or a placeholder that the caller fills
        placed.add(name)
        needs = tuple(schema.nodes[name].needs.values())
        for need in needs:
            place(need)
        order.append((name, needs))

    for name in schema.nodes:
        place(name)
    return order
