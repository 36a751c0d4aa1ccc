package postgres

// Begin is how every transaction that writes begins, for the test of one that
// goes no further.
var Begin = begin
