"""Pictures of customers' making, decoded in a process of their own: only pixels ever reach the program."""

from agent_assist.pictures.reader import PictureReader

__all__ = ["PictureReader"]
