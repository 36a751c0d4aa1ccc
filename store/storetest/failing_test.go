package storetest

import (
	"context"
	"errors"
	"testing"

	"tickroom/store"
)

func TestEveryCallCanFail(t *testing.T) {
	var told string
	failing := &Failing{Store: NewMemory(), Before: func(_ context.Context, method string) error {
		told = method
		return errors.New("away")
	}}
	for name, call := range calls(failing, store.Lease{}) {
		told = ""
		if err := call(t.Context()); err == nil || err.Error() != "away" || told != name {
			t.Errorf("%s gives %v, its hook was told %q; want the hook's error, and its own name", name, err, told)
		}
	}
}
