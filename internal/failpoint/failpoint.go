//go:build !failpoint

// Package failpoint lets a test kill the program at a named moment, to prove
// that nothing accepted is lost.
//
// [Hit] marks the moment. Without the build tag "failpoint" it is empty and
// costs nothing; with the tag, the environment variable KLAAS_FAILPOINT names
// the moment at which the process ends itself with SIGKILL, as a power cut or
// kill -9 would.
//
// The moments, in the order of a submission's life:
//
//	accept-committed       the submission and its job are durable, the answer is not sent
//	analysis-middle        the document is decrypted, nothing is computed
//	reports-before-commit  the reports are computed, their transaction is open
//	reports-committed      reports, deliveries and the job's end are durable
//	delivery-answered      the receiver answered, the answer is not recorded
//	stopping               a graceful stop has begun
package failpoint

// Hit marks a moment at which a test may kill the program.
func Hit(string) {}
