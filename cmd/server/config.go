package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/lmittmann/tint"
)

// version is set by the linker for releases: -ldflags "-X main.version=1.2.3".
var version string

// defaultDatabase is a file beside where the server is started.
const defaultDatabase = "sqlite:data/tickroom.db"

// config is all that an operator can choose. The flag's text is its documentation.
type config struct {
	listen     string
	database   string
	name       string
	address    string
	public     string
	origins    []string
	trustProxy bool
	grace      time.Duration
	stopWithin time.Duration
	web        string
	logLevel   slog.Level
	logFormat  string

	version     bool
	healthcheck bool
}

// parseConfig reads flags, with the environment for those not given.
func parseConfig(args []string, env func(string) string, stderr io.Writer) (config, error) {
	var c config
	var origins string
	f := flag.NewFlagSet("server", flag.ContinueOnError)
	f.SetOutput(io.Discard) // a mistake is one line, which main prints
	f.StringVar(&c.listen, "listen", "127.0.0.1:8080", "`address` to listen on ($TICKROOM_LISTEN)")
	f.StringVar(&c.database, "database", defaultDatabase, "postgres://user:password@host/name, or sqlite:`PATH` ($DATABASE_URL)")
	f.StringVar(&c.name, "name", "", "this server's `name` among those of one database; started again under it, it goes on with its rooms at once; the host and address unless given ($TICKROOM_NAME)")
	f.StringVar(&c.address, "address", "", "where other servers of the same database reach this one, as http://`host`:port; from -listen unless given, with this host's name where that has none ($TICKROOM_ADDRESS)")
	f.StringVar(&c.public, "public", "", "where players reach this server alone, as https://`host`; for all servers of a database or for none, where one address stands for them ($TICKROOM_PUBLIC)")
	f.StringVar(&origins, "origins", "", "other `sites` whose pages may use this server, as https://a.example,https://b.example ($TICKROOM_ORIGINS)")
	f.BoolVar(&c.trustProxy, "trust-proxy", false, "believe X-Forwarded-For and X-Forwarded-Proto: only behind a proxy that sets them ($TICKROOM_TRUST_PROXY)")
	f.DurationVar(&c.grace, "grace", time.Minute, "how long a dropped player's seat is kept ($TICKROOM_GRACE)")
	f.DurationVar(&c.stopWithin, "stop-within", 20*time.Second, "how long stopping in order may take ($TICKROOM_STOP_WITHIN)")
	f.StringVar(&c.web, "web", "", "serve the page from this `folder` and bundle it anew for each request, for working on it ($TICKROOM_WEB)")
	f.TextVar(&c.logLevel, "log-level", slog.LevelInfo, "debug, info, warn or error ($TICKROOM_LOG_LEVEL)")
	f.StringVar(&c.logFormat, "log-format", "auto", "text, json, or auto: colours on a terminal, text elsewhere ($TICKROOM_LOG_FORMAT)")
	f.BoolVar(&c.version, "version", false, "print the version and exit")
	f.BoolVar(&c.healthcheck, "healthcheck", false, "ask the server at -listen whether it is ready, exit 0 or 1")
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			f.SetOutput(stderr)
			fmt.Fprintln(stderr, "server runs tickroom. A flag goes before its environment variable.")
			fmt.Fprintln(stderr, "server types GAME prints a game's commands, views and events as TypeScript.")
			fmt.Fprintln(stderr, "server replay ID prints what was played; server verify plays it again. Each has -h.")
			f.PrintDefaults()
		}
		return c, err
	}
	if f.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q; -h lists the flags", f.Arg(0))
	}
	if err := fromEnv(f, env); err != nil {
		return c, err
	}
	if c.name == "" {
		host, err := os.Hostname()
		if err != nil {
			return c, fmt.Errorf("name of this host: %w; give -name", err)
		}
		c.name = host + "/" + c.listen
	}
	return c, c.check(origins)
}

// envName says which variable stands for a flag that was not given.
var envName = map[string]string{
	"listen": "TICKROOM_LISTEN", "database": "DATABASE_URL", "name": "TICKROOM_NAME",
	"address": "TICKROOM_ADDRESS", "public": "TICKROOM_PUBLIC", "origins": "TICKROOM_ORIGINS",
	"trust-proxy": "TICKROOM_TRUST_PROXY", "grace": "TICKROOM_GRACE", "stop-within": "TICKROOM_STOP_WITHIN",
	"web": "TICKROOM_WEB", "log-level": "TICKROOM_LOG_LEVEL", "log-format": "TICKROOM_LOG_FORMAT",
}

func fromEnv(f *flag.FlagSet, env func(string) string) error {
	given := map[string]bool{}
	f.Visit(func(g *flag.Flag) { given[g.Name] = true })
	for name, variable := range envName {
		value := env(variable)
		if given[name] || value == "" {
			continue
		}
		if err := f.Set(name, value); err != nil {
			return fmt.Errorf("%s=%q: %w", variable, value, err)
		}
	}
	return nil
}

func (c *config) check(origins string) error {
	for o := range strings.SplitSeq(origins, ",") {
		o = trimmed(o)
		if o == "" {
			continue
		}
		if !isSite(o) {
			return fmt.Errorf("origin %q: want scheme and host, as https://game.example", o)
		}
		c.origins = append(c.origins, o)
	}
	c.address, c.public = trimmed(c.address), trimmed(c.public)
	switch {
	case c.address != "" && (!isSite(c.address) || !strings.HasPrefix(c.address, "http://")):
		return fmt.Errorf("address %q: want http://host:port", c.address)
	case c.public != "" && (!isSite(c.public) || !strings.HasPrefix(c.public, "http")):
		return fmt.Errorf("public %q: want scheme and host, as https://a.game.example", c.public)
	case len(c.name) > 200:
		return errors.New("name: want at most 200 bytes")
	case c.grace < time.Second || c.grace > time.Hour:
		return fmt.Errorf("grace %v: want 1s to 1h", c.grace)
	case c.stopWithin < time.Second || c.stopWithin > time.Hour:
		return fmt.Errorf("stop-within %v: want 1s to 1h", c.stopWithin)
	case c.logFormat != "auto" && c.logFormat != "text" && c.logFormat != "json":
		return fmt.Errorf("log-format %q: want auto, text or json", c.logFormat)
	}
	return nil
}

func trimmed(site string) string { return strings.TrimRight(strings.TrimSpace(site), "/") }

func isSite(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme != "" && u.Host != "" && u.Path == ""
}

// addressOf is where others reach a server that listens there, unless it was told:
// by the host it names, or else by this host's name.
func addressOf(listen net.Addr) (string, error) {
	host, port, err := net.SplitHostPort(listen.String())
	if err != nil {
		return "", fmt.Errorf("address of %s: %w; give -address", listen, err)
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		if host, err = os.Hostname(); err != nil {
			return "", fmt.Errorf("name of this host: %w; give -address", err)
		}
	}
	return "http://" + net.JoinHostPort(host, port), nil
}

// logger writes to stderr, for eyes if it is a terminal.
func (c config) logger(stderr io.Writer) *slog.Logger {
	opts := &slog.HandlerOptions{Level: c.logLevel}
	switch file, _ := stderr.(*os.File); {
	case c.logFormat == "json":
		return slog.New(slog.NewJSONHandler(stderr, opts))
	case c.logFormat == "auto" && file != nil && isTerminal(file):
		return slog.New(tint.NewTextHandler(stderr, &tint.Options{Level: c.logLevel, TimeFormat: time.TimeOnly}))
	}
	return slog.New(slog.NewTextHandler(stderr, opts))
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// versionLine is the release, or the commit this was built from.
func versionLine() string {
	info, ok := debug.ReadBuildInfo()
	if version != "" || !ok {
		return "tickroom " + version
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	line := "tickroom devel"
	if rev := settings["vcs.revision"]; rev != "" {
		line += " " + rev[:min(12, len(rev))]
	}
	if dirty, _ := strconv.ParseBool(settings["vcs.modified"]); dirty {
		line += " (changed)"
	}
	return line + " " + info.GoVersion
}
