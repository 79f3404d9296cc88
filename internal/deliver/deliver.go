// Package deliver brings finished reports to their receivers.
//
// [Courier.Run] sends what is due at one endpoint and returns when nothing is
// due soon; package flow gives every endpoint such a run of its own, so that
// endpoints never delay each other. A run signs each report ([Sign]), calls the
// receiver behind a guard ([NewSender]), and records every attempt together
// with its consequence in one transaction. When to try again is decided by
// [Next] for a delivery and by [Health] for an endpoint; both are pure.
//
// What it promises: a delivery is sent at least once, always with the same id
// and the same bytes, never before its time, and given up only 96 hours after
// its first attempt, after a last attempt then. What it does not promise: that
// a receiver sees a report only once (the answer may get lost), or in order.
package deliver
