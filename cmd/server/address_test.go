package main

import (
	"net"
	"os"
	"testing"
)

func TestOthersReachAServerWhereItListens(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for listen, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080",
		"0.0.0.0:8080":   "http://" + net.JoinHostPort(host, "8080"), // all of them, so by the host's name
		"[::]:9":         "http://" + net.JoinHostPort(host, "9"),
		"[::1]:9":        "http://[::1]:9",
	} {
		addr, err := net.ResolveTCPAddr("tcp", listen)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := addressOf(addr); err != nil || got != want {
			t.Errorf("listening on %s others reach it at %q, %v; want %q", listen, got, err, want)
		}
	}
}
