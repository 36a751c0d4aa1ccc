package client_test

import (
	"context"
	"fmt"
	"log"

	"tickroom/game/relay"
	"tickroom/net/client"
	"tickroom/net/wire"
)

// A member of a relay room says one thing to the others and prints what it
// hears. The URL and the ticket are what POST /v1/rooms/{id}/seats answers.
func Example() {
	ctx := context.Background()
	member, err := client.Join(ctx, client.Config{
		URL:    "ws://127.0.0.1:8080/v1/play",
		Ticket: "the ticket",
		Game:   relay.Game,
		Hear: func(m wire.Message) {
			if e, ok := m.(wire.Event); ok {
				said := e.Data.(relay.Message)
				fmt.Printf("seat %d: %s %s\n", said.From, said.Name, said.Data)
			}
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer member.Close()
	err = member.Command(ctx, relay.Command{To: relay.Others, Name: "hello", Data: []byte("world")})
	if err != nil { // a *game.Refusal says why
		log.Print(err)
	}
	<-member.Done()
	log.Print(member.Err())
}
