package main

import (
	"io"
	"strings"
	"testing"
)

func TestWhatCannotRunSaysWhyInOneLine(t *testing.T) {
	for args, want := range map[string]string{
		"-url 127.0.0.1:8080":     "http://",
		"-rooms 0":                "rooms 0",
		"-players -1":             "players -1",
		"-acts 1000":              "acts 1000",
		"-for 1ms":                "at least",
		"-warm -1s":               "warm",
		"-speak klingon":          "socketio",
		"-for soon":               "soon",
		"10":                      `"10"`,
		"-url ftp://example.com/": "http://",
	} {
		_, err := parseConfig(strings.Fields(args), io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want one line with %q", args, err, want)
		}
	}
}
