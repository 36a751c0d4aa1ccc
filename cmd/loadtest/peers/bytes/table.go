package main

import (
	"fmt"
	"io"
)

// printTable prints what one message cost, and what a room did in all.
func printTable(w io.Writer, costs []cost) {
	fmt.Fprintln(w, "| bytes on the wire | event, said | event, heard by each | acknowledging, an event | an event to a room of 8, in all | state, heard | controls, said | a player's second, down | up | heartbeats, a minute |")
	fmt.Fprintln(w, "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	for _, c := range costs {
		events := c.event.up.messages
		acks := c.event.up.bytes[ack] + c.event.down.bytes[ack]
		all := c.event.up.bytes[message] + c.event.down.bytes[message] + acks
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", c.name,
			each(c.event.up), each(c.event.down), per(acks, events), per(all, events),
			each(c.state.down), each(c.state.up),
			c.second(steady(c.state.down)), c.second(steady(c.state.up)),
			c.second(60*(c.state.up.bytes[beat]+c.state.down.bytes[beat])))
	}
}

// second is what one player had of it in a second.
func (c cost) second(sum int) string { return per(sum, int(members*c.state.took.Seconds())) }

// each is what a message of one way cost.
func each(w way) string { return per(w.bytes[message], w.messages) }

// steady is all that one way cost, but joining.
func steady(w way) int { return w.bytes[message] + w.bytes[ack] + w.bytes[beat] }

// per divides and rounds; nothing of nothing is a dash.
func per(sum, n int) string {
	if n == 0 || sum == 0 {
		return "–"
	}
	return fmt.Sprint((sum + n/2) / n)
}
