package producttest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
)

// CheckEvidence walks the evidence of an analytic report and returns every fault: a
// pointer that leads nowhere, a number that is not null and has no evidence (its own
// or that of a list that it stands in), items that are twice or not newest first,
// or do not make the sum or the count that they stand behind.
func CheckEvidence(p *spec.Product, in spec.Input) []string {
	in.Notes = new(spec.Notes)
	body, err := parse(write(p, &in))
	if err != nil {
		return []string{"it is not JSON: " + err.Error()}
	}
	root := &value{kind: '{', keys: []string{p.BodyKeyOf(in.Version)}, members: []*value{body}}
	var faults []string
	noted := make(map[string]bool)
	for i := range in.Notes.Figures {
		f := &in.Notes.Figures[i]
		if noted[f.Pointer] {
			faults = append(faults, f.Pointer+" is noted twice")
		}
		noted[f.Pointer] = true
		figure := root.find(f.Pointer)
		switch {
		case figure == nil:
			faults = append(faults, f.Pointer+" leads nowhere")
		case f.Kind == spec.Stated: // Nothing with an id is behind it.
		default:
			if fault := behind(in.Facts, f, figure); fault != "" {
				faults = append(faults, "the evidence of "+f.Pointer+" "+fault)
			}
		}
	}
	for _, pointer := range slices.Concat(in.Notes.Unreliable, in.Notes.NotAsOf) {
		if root.find(pointer) == nil {
			faults = append(faults, pointer+" leads nowhere")
		}
	}
	numbers(root, "", func(pointer string) {
		at := pointer
		for at != "" && !noted[at] {
			at = at[:strings.LastIndexByte(at, '/')]
		}
		if at == "" {
			faults = append(faults, pointer+" has no evidence")
		}
	})
	return faults
}

// find returns the value that a JSON pointer leads to, nil for none.
func (v *value) find(pointer string) *value {
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if v.kind == '{' {
			if v = v.member(step); v == nil {
				return nil
			}
			continue
		}
		n, err := strconv.Atoi(step)
		if v.kind != '[' || err != nil || n >= len(v.members) {
			return nil
		}
		v = v.members[n]
	}
	return v
}

// numbers visits the pointer of every number.
func numbers(v *value, pointer string, visit func(string)) {
	if v.kind == '0' {
		visit(pointer)
	}
	for i, member := range v.members {
		step := strconv.Itoa(i)
		if v.kind == '{' {
			step = v.keys[i]
		}
		numbers(member, pointer+"/"+step, visit)
	}
}

// behind returns what is wrong with the evidence of a figure, "" for nothing.
func behind(f *fact.Facts, noted *spec.NotedFigure, figure *value) string {
	var sum money.Amount
	var items []fact.Item
	if noted.Behind != nil {
		for item := range noted.Behind {
			items = append(items, item)
			sum, _ = money.Add(sum, item.Amount)
		}
	}
	if empty := figure.text == "0" || figure.text == "false" || figure.kind == '[' && len(figure.members) == 0; empty && items != nil {
		return "is not empty, but the figure is 0"
	} else if !empty && items == nil {
		return "is empty, but the figure is " + figure.text
	}
	seen := make(map[string]bool)
	last := int32(-1)
	for i := range items {
		id := items[i].ID(f)
		switch {
		case seen[id] && items[i].Kind != fact.MovementItem:
			return "has " + id + " twice"
		case items[i].Kind == fact.MovementItem && items[i].Index == last:
			return "has a movement twice"
		case id == "":
			return "has an item without an id"
		case items[i].Kind != fact.MovementItem && last >= 0:
			return "has a movement before " + id
		case items[i].Kind == fact.MovementItem && last >= 0 && !f.Ledger.Newer(last, items[i].Index):
			return "is not newest first at " + id
		}
		seen[id] = true
		if items[i].Kind == fact.MovementItem {
			last = items[i].Index
		}
	}
	switch noted.Kind {
	case spec.Added:
		if want := rounded(sum); figure.text != want {
			return "adds up to " + want + ", not " + figure.text
		}
	case spec.Counted:
		if want := strconv.Itoa(len(items)); figure.text != want {
			return "has " + want + " items, not " + figure.text
		}
	}
	return ""
}

// rounded returns an amount as reports write it.
func rounded(a money.Amount) string {
	text := a.String()
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
