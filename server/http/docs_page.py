"""A page that lists the HTTP commands; it loads nothing from the network."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_PAGE = """<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>fifo-live: commands over HTTP</title>
  <style>
    body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
    code {{ font-size: 0.95em; }} dt {{ margin-top: 1rem; font-weight: 600; }}
  </style>
  <h1>Commands over HTTP</h1>
  <p>The whole description, for tools: <a href="openapi.json">openapi.json</a>.
     What happens meanwhile is told over the WebSocket <code>/ws</code>; see docs/protocol.md.</p>
  <dl>{items}</dl>
</html>
"""


async def docs_page(request: Request) -> Response:
    """Return the page, made from the OpenAPI description."""
    paths = request.app.openapi()["paths"]
    items = [
        f"<dt><code>{escape(f'{method.upper()} {path}')}</code></dt><dd>{escape(operation.get('description', ''))}</dd>"
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]
    return HTMLResponse(_PAGE.format(items="".join(items)))
