package lobby_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"testing"

	"tickroom/game"
	"tickroom/lobby"
	"tickroom/store/storetest"
)

// BenchmarkList reads a page of the list of a server alone, which has many rooms.
func BenchmarkList(b *testing.B) {
	l, err := lobby.New(b.Context(), lobby.Config{
		Catalog: game.NewCatalog(house), Store: storetest.NewMemory(), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close(context.Background())
	w := &world{T: new(testing.T), Lobby: l, handler: l.Handler()}
	for i := range 200 {
		p := w.guest(fmt.Sprint("p", i))
		for range 5 {
			w.open(p, house, "")
		}
	}
	n := 0
	for b.Loop() {
		r := request("GET", "/v1/rooms", "", "")
		r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", n>>16&255, n>>8&255, n&255) // one address may not ask so often
		n++
		out := httptest.NewRecorder()
		w.handler.ServeHTTP(out, r)
		if out.Code != 200 {
			b.Fatal(out.Body)
		}
	}
}
