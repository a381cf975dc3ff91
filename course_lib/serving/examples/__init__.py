"""Models to serve: the course's classifier, and the neuron of lesson 1.1 whose numbers can be checked by hand."""
