"""Why a triple is in the graph, what would go with it, and why an answer is empty."""

from carekg.explain.derivation import Derivation, why
from carekg.explain.model import Reason

__all__ = ["Derivation", "Reason", "why"]
