"""How the states of engine and models are told: a word, an icon, a colour."""

from agent_assist.domain.events import EngineState
from ui.text_keys import Key

STATE_LOOKS = {
    EngineState.STARTING: (Key.ENGINE_STARTING, "ring", "text_muted"),
    EngineState.LOADING: (Key.ENGINE_LOADING, "ring", "warn"),
    EngineState.READY: (Key.ENGINE_READY, "dot", "good"),
    EngineState.RESTARTING: (Key.ENGINE_RESTARTING, "refresh", "warn"),
    EngineState.FAILED: (Key.ENGINE_FAILED, "alert", "bad"),
    EngineState.STOPPED: (Key.ENGINE_STOPPED, "ring", "text_muted"),
}
