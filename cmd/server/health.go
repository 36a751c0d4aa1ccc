package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"
)

// readyTimeout bounds asking the database whether it is there: an answer that
// takes longer is no use to who decides where to send players.
const readyTimeout = 2 * time.Second

// readiness is the answer of /readyz: 200 when new players can be sent here.
type readiness struct {
	Ready    bool   `json:"ready"`
	Draining bool   `json:"draining"`
	Store    string `json:"store"`   // "ok", or what is wrong
	Keeping  int    `json:"keeping"` // rooms whose result waits for the store
	Paused   int    `json:"paused"`  // rooms that stand still until their journal is written
	Coming   int    `json:"coming"`  // rooms of other processes that are on their way here
	Load     int    `json:"load"`    // thousandths of what this server can do
	// Neighbours are the other servers of the database that live.
	Neighbours []string `json:"neighbours"`
	// Behind is how long the journal has waited to be written, in seconds.
	Behind float64 `json:"behind"`
}

// healthz says that the process is alive, and nothing more.
func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("ok\n"))
}

func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	answer := readiness{Store: "ok", Draining: s.draining.Load(), Coming: s.lobby.Coming(), Behind: s.journal.Behind().Seconds()}
	answer.Load, answer.Neighbours = s.lobby.Load(), s.lobby.Neighbours()
	answer.Keeping, answer.Paused = s.waiting()
	if err := s.store.Ping(ctx); err != nil {
		answer.Store = "does not answer"
		s.log.Warn("store does not answer", "err", err)
	}
	answer.Ready = answer.Store == "ok" && !answer.Draining
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(answer)
}

// checkHealth asks the server on this machine whether it is ready: the health
// check of a container that has no shell.
func checkHealth(ctx context.Context, listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("listen address %q: %w", listen, err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*readyTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", resp.Status)
	}
	return nil
}
