package lobby_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"

	"tickroom/game"
	"tickroom/lobby"
	"tickroom/store/storetest"
)

// A player comes, asks for any seat of a game, and gets a ticket to play with.
func Example() {
	l, err := lobby.New(context.Background(), lobby.Config{
		Catalog: game.NewCatalog(pair),
		Store:   storetest.NewMemory(),
		Log:     slog.New(slog.DiscardHandler),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close(context.Background())
	handler := l.Handler()
	post := func(path, token, body string, answer any) int {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if err := json.NewDecoder(w.Body).Decode(answer); err != nil {
			fmt.Println(err)
		}
		return w.Code
	}

	var ann struct{ Token string }
	fmt.Println(post("/v1/players", "", `{"name":"Ann"}`, &ann))
	var seat struct {
		Ticket, URL, Room string
		Seat              int
	}
	fmt.Println(post("/v1/games/pair/seats", ann.Token, `{}`, &seat))
	channel, room, _ := strings.Cut(seat.URL, "?room=")
	fmt.Println(seat.Seat, channel, room == seat.Room, len(seat.Ticket) > 0)
	// Output:
	// 201
	// 201
	// 0 ws://example.com/v1/play true true
}
