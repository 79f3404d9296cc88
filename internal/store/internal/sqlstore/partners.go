package sqlstore

import (
	"context"
	"math"
	"time"

	"github.com/openklaas/klaas/internal/store"
)

// InsertPartner implements store.Partners.
func (t *Tx) InsertPartner(ctx context.Context, p store.Partner) error {
	return t.insert(ctx, `INSERT INTO partners (id, name, created_at) VALUES ($1, $2, $3)`,
		p.ID, p.Name, moment(p.CreatedAt))
}

const partner = `SELECT id, name, created_at FROM partners `

func scanPartner(r Rows) (p store.Partner, err error) {
	err = r.Scan(&p.ID, &p.Name, into(&p.CreatedAt))
	return p, err
}

// Partner implements store.Partners.
func (t *Tx) Partner(ctx context.Context, id string) (store.Partner, error) {
	return one(ctx, t, scanPartner, partner+`WHERE id = $1`, id)
}

// ListPartners implements store.Partners.
func (t *Tx) ListPartners(ctx context.Context) ([]store.Partner, error) {
	return all(ctx, t, scanPartner, partner+`ORDER BY created_at, id`)
}

// InsertApplication implements store.Partners.
func (t *Tx) InsertApplication(ctx context.Context, a store.Application) error {
	return t.insert(ctx, `INSERT INTO applications (id, partner_id, name, environment, revision, created_at) VALUES ($1, $2, $3, $4, 0, $5)`,
		a.ID, a.PartnerID, a.Name, a.Environment, moment(a.CreatedAt))
}

const application = `SELECT id, partner_id, name, environment, revision, created_at FROM applications `

func scanApplication(r Rows) (a store.Application, err error) {
	err = r.Scan(&a.ID, &a.PartnerID, &a.Name, &a.Environment, &a.Revision, into(&a.CreatedAt))
	return a, err
}

// Application implements store.Partners.
func (t *Tx) Application(ctx context.Context, id string) (store.Application, error) {
	return one(ctx, t, scanApplication, application+`WHERE id = $1`, id)
}

// ListApplications implements store.Partners.
func (t *Tx) ListApplications(ctx context.Context, partnerID string) ([]store.Application, error) {
	if partnerID == "" {
		return all(ctx, t, scanApplication, application+`ORDER BY created_at, id`)
	}
	return all(ctx, t, scanApplication, application+`WHERE partner_id = $1 ORDER BY created_at, id`, partnerID)
}

// InsertSettings implements store.Partners.
func (t *Tx) InsertSettings(ctx context.Context, r store.SettingsRevision) error {
	// The application's row is taken first, so that of two changes at once the
	// second waits and then finds that its revision is not the next one.
	next, err := t.Exec(ctx, `UPDATE applications SET revision = $2 WHERE id = $1 AND revision + 1 = $2`, r.ApplicationID, r.Revision)
	if err != nil {
		return err
	}
	if next == 0 {
		if _, err := t.Application(ctx, r.ApplicationID); err != nil {
			return err
		}
		return store.ErrConflict
	}
	return t.insert(ctx, `INSERT INTO settings (application_id, revision, body, created_at) VALUES ($1, $2, $3, $4)`,
		r.ApplicationID, r.Revision, r.Body, moment(r.CreatedAt))
}

const settingsRevision = `SELECT application_id, revision, body, created_at FROM settings WHERE application_id = $1 `

// Settings implements store.Partners.
func (t *Tx) Settings(ctx context.Context, applicationID string, revision int) (store.SettingsRevision, error) {
	if revision == 0 {
		return one(ctx, t, scanSettings, settingsRevision+`ORDER BY revision DESC LIMIT 1`, applicationID)
	}
	return one(ctx, t, scanSettings, settingsRevision+`AND revision = $2`, applicationID, revision)
}

// ListSettings implements store.Partners.
func (t *Tx) ListSettings(ctx context.Context, applicationID string, before, limit int) ([]store.SettingsRevision, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	return all(ctx, t, scanSettings, settingsRevision+`AND revision < $2 ORDER BY revision DESC LIMIT $3`, applicationID, before, limit)
}

func scanSettings(r Rows) (s store.SettingsRevision, err error) {
	err = r.Scan(&s.ApplicationID, &s.Revision, &s.Body, into(&s.CreatedAt))
	return s, err
}

// InsertCredential implements store.Partners.
func (t *Tx) InsertCredential(ctx context.Context, c store.Credential) error {
	return t.insert(ctx, `INSERT INTO credentials (id, application_id, code, hash, created_at, expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.ID, c.ApplicationID, c.Code, c.Hash, moment(c.CreatedAt), moment(c.ExpiresAt), moment(c.RevokedAt))
}

const credential = `SELECT id, application_id, code, hash, created_at, expires_at, revoked_at FROM credentials `

func scanCredential(r Rows) (c store.Credential, err error) {
	err = r.Scan(&c.ID, &c.ApplicationID, &c.Code, &c.Hash, into(&c.CreatedAt), into(&c.ExpiresAt), into(&c.RevokedAt))
	return c, err
}

// CredentialsByCode implements store.Partners.
func (t *Tx) CredentialsByCode(ctx context.Context, code string) ([]store.Credential, error) {
	return all(ctx, t, scanCredential, credential+`WHERE code = $1 AND revoked_at IS NULL ORDER BY created_at, id`, code)
}

// ListCredentials implements store.Partners.
func (t *Tx) ListCredentials(ctx context.Context, applicationID string) ([]store.Credential, error) {
	return all(ctx, t, scanCredential, credential+`WHERE application_id = $1 ORDER BY created_at, id`, applicationID)
}

// RevokeCredential implements store.Partners.
func (t *Tx) RevokeCredential(ctx context.Context, applicationID, id string, at time.Time) error {
	return t.change(ctx, `UPDATE credentials SET revoked_at = COALESCE(revoked_at, $3) WHERE application_id = $1 AND id = $2`,
		applicationID, id, moment(at))
}

// InsertSecret implements store.Partners.
func (t *Tx) InsertSecret(ctx context.Context, s store.Secret) error {
	return t.insert(ctx, `INSERT INTO secrets (id, application_id, sealed, created_at, retired_at) VALUES ($1, $2, $3, $4, $5)`,
		s.ID, s.ApplicationID, s.Sealed, moment(s.CreatedAt), moment(s.RetiredAt))
}

const secret = `SELECT id, application_id, sealed, created_at, retired_at FROM secrets `

func scanSecret(r Rows) (s store.Secret, err error) {
	err = r.Scan(&s.ID, &s.ApplicationID, &s.Sealed, into(&s.CreatedAt), into(&s.RetiredAt))
	return s, err
}

// Secret implements store.Partners.
func (t *Tx) Secret(ctx context.Context, applicationID, id string) (store.Secret, error) {
	return one(ctx, t, scanSecret, secret+`WHERE application_id = $1 AND id = $2`, applicationID, id)
}

// LiveSecrets implements store.Partners.
func (t *Tx) LiveSecrets(ctx context.Context, applicationID string, at time.Time) ([]store.Secret, error) {
	return all(ctx, t, scanSecret, secret+`WHERE application_id = $1 AND (retired_at IS NULL OR retired_at > $2) ORDER BY created_at DESC, id DESC`,
		applicationID, moment(at))
}

// RetireSecret implements store.Partners.
func (t *Tx) RetireSecret(ctx context.Context, applicationID, id string, at time.Time) error {
	return t.change(ctx, `UPDATE secrets SET retired_at = $3 WHERE application_id = $1 AND id = $2`, applicationID, id, moment(at))
}
