package client

// MovedTo is where a client goes that began at one URL and is told another; "" is
// nowhere.
func MovedTo(first, said string) string {
	if to, ok := movedTo(first, said); ok {
		return to
	}
	return ""
}

// Below is where a request over HTTP goes.
func Below(channel, part string) string {
	at, err := below(channel, part)
	if err != nil {
		panic(err)
	}
	return at
}
