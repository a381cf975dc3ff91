"""The Open Inference Protocol v2, without HTTP: what a request and an answer are, and how each becomes bytes.

messages    a request read, an answer written: JSON, and tensors after it as bytes
tensors     one tensor on the wire
signature   what a model takes and gives
json_file   a file that somebody else wrote
schemas     the same shapes for the page that describes the interface
limits      how much one request may ask
refusal     the one exception: what is wrong with a request, and its status
"""
