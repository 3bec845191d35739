"""Tools of MCP servers, over streamable HTTP alone."""

from conduet.kit.mcp.errors import ServerFailed, ToolChanged, UnknownTool
from conduet.kit.mcp.server import McpServer
from conduet.kit.mcp.servers import McpServers

__all__ = ["McpServer", "McpServers", "ServerFailed", "ToolChanged", "UnknownTool"]
