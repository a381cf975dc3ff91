"""The service over HTTP.

app          routes, as a FastAPI app
connections  what a server must bear before there is a request
errors       every failure as the protocol's error body
metrics      what the server counts about itself
process      uvicorn from the first signal to the last request: what `course serve` runs
server       that process, started from a notebook and never outliving it
"""
