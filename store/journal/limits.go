package journal

import "time"

const (
	// writeEvery is how often a batch is written at most: often enough that
	// nobody feels what waits for it, seldom enough that a thousand rooms cost
	// one transaction each time.
	writeEvery = 50 * time.Millisecond
	// retryPause is the first pause after a try that failed, doubled up to
	// retryPauseMax: a database that is back is found at once.
	retryPause    = 50 * time.Millisecond
	retryPauseMax = time.Second
	// leaseLength is how long other servers wait for one that is silent: longer
	// than any hiccup, shorter than players' patience. It is renewed every
	// renewEvery.
	leaseLength = 5 * time.Second
	renewEvery  = time.Second
	// closePause is how often Close looks whether all is written.
	closePause = 10 * time.Millisecond
)
