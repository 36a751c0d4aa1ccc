package link

// inbox counts what must arrive from a client, so that each is taken once and
// in order, however often it is sent.
type inbox struct{ received uint32 }

// due says whether message n is the next; one that came before is not, and one
// that skips others is no message of the protocol.
func (i *inbox) due(n uint32) (next, ok bool) {
	return n == i.received+1, n <= i.received+1
}

// took counts the message that was due.
func (i *inbox) took() { i.received++ }
