//go:build unix

package pgtest

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

var errNotInstalled = errors.New("Postgres is not installed: install it " +
	"(Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql), " +
	"or set TEST_DATABASE_URL to a server on which the tests may create databases")

// install is the folder of Postgres's programs.
type install string

func (in install) bin(name string) string { return filepath.Join(string(in), name) }

// findInstall looks where people and packages put Postgres; the path first,
// then the newest version.
func findInstall() (install, error) {
	var dirs []string
	if initdb, err := exec.LookPath("initdb"); err == nil {
		dirs = append(dirs, filepath.Dir(initdb))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",       // Debian
		"/usr/pgsql-*/bin",                // Red Hat
		"/usr/libexec/postgresql*",        // Alpine
		"/opt/homebrew/opt/postgres*/bin", // macOS
		"/usr/local/opt/postgres*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found, _ := filepath.Glob(pattern) // the patterns are well-formed
		slices.SortFunc(found, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(b, a)) })
		dirs = append(dirs, found...)
	}
	for _, dir := range dirs {
		if in := install(dir); runs(in.bin("initdb")) && runs(in.bin("postgres")) {
			return in, nil
		}
	}
	return "", errNotInstalled
}

func runs(program string) bool {
	info, err := os.Stat(program)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// notRoot is whom to run Postgres as, which refuses to be root's; nil is us.
func notRoot() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("Postgres does not run as root, and there is no user postgres or nobody to run it as")
}

// freePort finds a port nobody listens on now; Postgres has no way to choose
// one itself.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
