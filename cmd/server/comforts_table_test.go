package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The README says which test shows what. A test that is renamed or removed must
// not leave a claim without its proof.
func TestReadmeNamesOnlyTestsThatExist(t *testing.T) {
	tests := testsOf(t, os.DirFS("../.."))
	readme := read(t, "../../README.md")
	for _, span := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(readme, -1) {
		if named := span[1]; isTest.MatchString(named) && !tests[named] {
			t.Errorf("README names the test %s, which is not there", named)
		}
	}
	for _, row := range rowsUnder(readme, "| comfort |") {
		cells := strings.Split(row, "|")
		if proof := cells[len(cells)-2]; !strings.Contains(proof, "`") {
			t.Errorf("README promises a comfort and names no test of it: %s", cells[1])
		}
	}
}

// Three suites list the cases of others that they ask, and which test shows each.
func TestListsOfCasesNameOnlyTestsThatExist(t *testing.T) {
	tests := testsOf(t, os.DirFS("../.."))
	for _, name := range []string{"recovery_test.go", "reconnection_test.go", "../../web/sdk/test/reconnecting.test.ts"} {
		cases := 0
		for line := range strings.Lines(read(t, name)) {
			list, ok := strings.CutPrefix(line, "//")
			if !ok || !strings.HasPrefix(list, "\t") && !strings.HasPrefix(list, "   ") {
				continue
			}
			cases++
			for _, m := range namedTest.FindAllStringSubmatch(list, -1) {
				if named := fullName(m, filepath.Base(name)); !tests[named] {
					t.Errorf("%s names the test %s, which is not there", name, named)
				}
			}
		}
		if cases < 9 {
			t.Errorf("%s lists %d cases, want those of a whole suite", name, cases)
		}
	}
}

// namedTest matches how a list names tests: TestInGo, "of the same file", or
// "of another" (file.test.ts).
var namedTest = regexp.MustCompile(`(Test[A-Z]\w*)|"([^"]+)"(?: \(([\w.]+\.ts)\))?`)

func fullName(m []string, file string) string {
	switch {
	case m[1] != "":
		return m[1]
	case m[3] != "":
		file = m[3]
	}
	return file + ": " + m[2]
}

// isTest matches how the README names tests: TestInGo, or file.test.ts: the name.
var isTest = regexp.MustCompile(`^(Test[A-Z]\w*|[\w.]+\.(test|e2e)\.ts: .+)$`)

var (
	goTest = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	tsTest = regexp.MustCompile("(?:\\b(?:it|test)(?:\\.each\\([^\n]*\\))?|\n *\\]\\))\\((?:'([^'\n]+)'|`([^`\n]+)`)")
)

// testsOf finds every test of the project, by how the README would name it.
func testsOf(t *testing.T, root fs.FS) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && entry.Name() == "node_modules" {
			return skipOr(err)
		}
		inGo := strings.HasSuffix(path, "_test.go")
		if !inGo && !strings.HasSuffix(path, ".test.ts") && !strings.HasSuffix(path, ".e2e.ts") {
			return nil
		}
		source, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		for _, m := range goTest.FindAllStringSubmatch(string(source), -1) {
			found[m[1]] = inGo
		}
		for _, m := range tsTest.FindAllStringSubmatch(string(source), -1) {
			found[filepath.Base(path)+": "+m[1]+m[2]] = !inGo
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func skipOr(err error) error {
	if err != nil {
		return err
	}
	return fs.SkipDir
}

// rowsUnder is the rows of a table, by how its heading begins.
func rowsUnder(text, heading string) (rows []string) {
	_, table, found := strings.Cut(text, heading)
	if !found {
		return nil
	}
	for i, line := range strings.Split(table, "\n") {
		switch {
		case i < 2: // the rest of the heading, and the line below it
		case !strings.HasPrefix(line, "|"):
			return rows
		default:
			rows = append(rows, line)
		}
	}
	return rows
}
