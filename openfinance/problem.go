package openfinance

import "fmt"

// Severity says what a problem cost.
type Severity string

// The severities, worst first.
const (
	Rejected Severity = "rejected" // the document is unusable
	LeftOut  Severity = "left_out" // the smallest enclosing record is not in the ledger
	Warning  Severity = "warning"  // a field was ignored, or read with a reservation
)

// Problem tells one fault of a document: where, what, and how to mend it. It
// holds no value of the document, only its shape.
type Problem struct {
	Path     string   `json:"path"` // such as accounts[2].transactions[17].transactionAmount.amount
	Message  string   `json:"message"`
	Severity Severity `json:"severity"`
	Section  string   `json:"section,omitempty"` // the section the path lies in; "" for the request keys
}

// Problems is a bounded list of problems. Past [MaxProblems] they are only counted.
type Problems struct {
	List  []Problem
	Total int
}

// MaxProblems is how many problems of one document are kept with their texts.
// Warnings take at most half of that room, so that they never crowd out what
// was left out.
const MaxProblems = 1000

// Add notes a problem.
func (p *Problems) Add(problem Problem) {
	p.Total++
	if p.room(problem.Severity) {
		p.List = append(p.List, problem)
	}
}

// room reports whether a problem of the severity would be kept.
func (p *Problems) room(severity Severity) bool {
	if severity == Warning {
		return len(p.List) < MaxProblems/2
	}
	return len(p.List) < MaxProblems
}

// SyntaxError says that the bytes are not JSON.
type SyntaxError struct {
	Offset int64 // byte offset of the fault
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("the body is not valid JSON at byte %d: %s", e.Offset, e.Reason)
}

// InvalidError says that the document is JSON but unusable as a whole. Problems
// has every such fault.
type InvalidError struct {
	Problems []Problem
}

func (e *InvalidError) Error() string {
	if len(e.Problems) == 0 {
		return "the document cannot be used"
	}
	first := e.Problems[0]
	if first.Path == "" {
		return first.Message
	}
	return first.Path + ": " + first.Message
}
