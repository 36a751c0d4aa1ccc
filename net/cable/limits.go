package cable

const (
	// pieceSize is how many bytes move together: what a network sends in a few
	// packets, and little enough for a rate to be even.
	pieceSize = 4 << 10
	// window is how many pieces are under way in one direction of a connection.
	// More are not read, and the sender's writes wait, as they do for TCP's window.
	window = 256
)
