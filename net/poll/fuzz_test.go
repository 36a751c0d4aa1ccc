package poll_test

import (
	"slices"
	"testing"

	"tickroom/net/poll"
	"tickroom/net/wire"
)

// FuzzPost posts any body to any path, of a connection that is the fuzzer's own
// or of none, and wants an answer of the table, and nobody else hurt.
func FuzzPost(f *testing.F) {
	whole := hello("ann", "L", 0, 1)
	f.Add(uint8(0), uint32(0), whole)
	f.Add(uint8(1), uint32(0), whole)
	f.Add(uint8(1), uint32(1), []byte{})
	f.Add(uint8(2), uint32(1), framed(wire.Ping{T: 1}, wire.Command{N: 1, Data: aim{1}}))
	f.Add(uint8(2), uint32(1), framed(wire.Ping{T: 1})[1:])
	f.Add(uint8(2), uint32(2), framed(wire.Ping{T: 1}))
	f.Add(uint8(2), uint32(0), framed(wire.Post{Conn: "x", N: 1}))
	f.Add(uint8(3), uint32(1), []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	allowed := []int{200, 204, 400, 404, 409, 410, 413}
	f.Fuzz(func(t *testing.T, which uint8, n uint32, body []byte) {
		play(t, poll.Config{}, func(s *stage) {
			other := s.streams("other")
			path := []string{"stream", "poll", "say", "else"}[which%4]
			if n > 0 {
				own := s.polling("own")
				body = append(framed(wire.Post{Conn: own.conn, N: n}), body...)
			}
			response := s.post(path, body)
			if response == nil || !slices.Contains(allowed, response.StatusCode) {
				s.Fatalf("%s was answered %v; want one of %v", path, response, allowed)
			}
			other.saying(wire.Ping{T: 7})
			other.hears(wire.Pong{T: 7, Tick: 42}, "the others do not notice")
			response.Body.Close()
		})
	})
}
