// Package demo shows the whole road on one machine.
package demo
