// Package cli is the command line of klaas.
//
// [Run] reads the arguments, runs one command and returns the exit code: 0 done,
// 1 failed, 2 wrong usage, 3 invalid input. Results go to standard output,
// messages to standard error. Each command is a struct in a file of its own,
// with its flags as fields and a method Run.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/openfinance"
)

// The exit codes.
const (
	done    = 0
	failed  = 1
	usage   = 2
	invalid = 3
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// commands are all commands, in the order of the help.
type commands struct {
	Config string `help:"Settings file. Default: ./klaas.toml where there is one." placeholder:"FILE"`

	Demo       demoCommand       `cmd:"" help:"Show the whole road on this machine: server, webhooks, one person, every report."`
	Serve      serveCommand      `cmd:"" help:"Run the server: API and workers."`
	Work       workCommand       `cmd:"" help:"Run workers only, for more machines on one PostgreSQL."`
	Analyze    analyzeCommand    `cmd:"" help:"Make the reports of documents offline."`
	Categorize categorizeCommand `cmd:"" help:"Give the lines of a statement file their categories."`
	Sandbox    sandboxCommand    `cmd:"" help:"Make up people: their Open Finance data, and the truth beside it."`
	Accuracy   accuracyCommand   `cmd:"" help:"Measure the ledger on made-up people whose truth is known."`

	Products productsCommand `cmd:"" help:"List the report products."`
	Taxonomy taxonomyCommand `cmd:"" help:"List the categories."`

	Partner partnerCommand `cmd:"" help:"Create and list partners."`
	App     appCommand     `cmd:"" help:"Create, list and set applications of partners."`
	Webhook webhookCommand `cmd:"" help:"Set where an application's reports are sent."`
	Rule    ruleCommand    `cmd:"" help:"Give movements the categories that a partner wants."`

	Scorecard scorecardCommand `cmd:"" help:"Give an application bands and points of its own for the credit score."`

	Migrate migrateCommand `cmd:"" help:"Bring the database up to date."`
	Doctor  doctorCommand  `cmd:"" help:"Print every setting with its origin, and check this installation."`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Print the OpenAPI 3.1 document of the server."`
	Version versionCommand `cmd:"" help:"Print the versions of the program and its knowledge."`
}

const description = `klaas turns a person's Open Finance Brasil data into reports and sends them by signed webhook.

Start with: klaas demo`

// usageError is a fault of the arguments that only the command can see.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// invalidInput says that input could not be used; the details were told already.
type invalidInput struct{ message string }

func (e invalidInput) Error() string { return e.message }

// exit leaves the parser after --help.
type exit int

// Run runs the command that args name.
func Run(ctx context.Context, args []string, std Streams) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exit:
			code = int(r)
		default:
			panic(r)
		}
	}()
	var c commands
	parser, err := kong.New(&c,
		kong.Name("klaas"), kong.Description(description), kong.UsageOnError(),
		kong.Writers(std.Out, std.Err), kong.Exit(func(code int) { panic(exit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Vars(settingHelp()),
	)
	if err != nil {
		fmt.Fprintln(std.Err, "klaas:", err)
		return failed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(std.Err, "klaas: %v\nTry: klaas %s--help\n", err, known(parser, args))
		return usage
	}
	p := &program{Streams: std, flags: given(parsed), file: c.Config}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return p.exitCode(parsed.Run(p))
}

// known returns the commands at the beginning of args, each with a blank behind it.
func known(parser *kong.Kong, args []string) string {
	var path strings.Builder
	node := parser.Model.Node
	for _, arg := range args {
		next := node
		for _, child := range node.Children {
			if child.Name == arg {
				next = child
			}
		}
		if next == node {
			break
		}
		path.WriteString(next.Name + " ")
		node = next
	}
	return path.String()
}

// program is what commands have beside their own flags.
type program struct {
	Streams
	flags map[string]string // settings given as flags
	file  string            // the settings file
}

// exitCode tells an error and maps it.
func (p *program) exitCode(err error) int {
	if err == nil {
		return done
	}
	if errors.Is(err, syscall.EPIPE) {
		return failed // the reader of the output has gone away and knows it
	}
	fmt.Fprintln(p.Err, "klaas:", err)
	var (
		wrongUsage  usageError
		wrongOption *klaas.OptionError
		syntax      *openfinance.SyntaxError
		unusable    *openfinance.InvalidError
		input       invalidInput
	)
	switch {
	case errors.As(err, &wrongUsage), errors.As(err, &wrongOption), errors.Is(err, account.ErrInvalid):
		return usage
	case errors.As(err, &syntax), errors.As(err, &unusable), errors.As(err, &input):
		return invalid
	}
	return failed
}

// note tells something on standard error.
func (p *program) note(format string, args ...any) {
	fmt.Fprintf(p.Err, format+"\n", args...)
}

// table prints rows in columns. The first row is the head.
func (p *program) table(rows [][]string) error {
	w := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if _, err := fmt.Fprintln(w, strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	return w.Flush()
}

// json prints a value as indented JSON.
func (p *program) json(value any) error {
	e := json.NewEncoder(p.Out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// onTerminal reports whether a stream is a person's terminal.
func onTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}
