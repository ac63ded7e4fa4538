// The slot listing as a Node team would write it: Express, a prepared statement of better-sqlite3, the seed's fields and a fitting index.
// Usage: node server.js FILE; prints its port. The file is made by bench/run.py, from the same rows that Visavis stores.
import Database from 'better-sqlite3';
import express from 'express';

const database = new Database(process.argv[2], { readonly: true });
const members = ['id', 'specialistId', 'startsAt', 'endsAt', 'date', 'startTime', 'endTime', 'timezone', 'utcOffset', 'duration', 'price', 'currency',
    'consultationType', 'tags', 'description', 'status'];
const select = database.prepare(`SELECT ${members.join(', ')} FROM availabilitySlots
    WHERE specialistId = ? AND status = 'available' AND startsAt >= ? AND startsAt < ? ORDER BY startsAt, id LIMIT ?`);
const profile = database.prepare('SELECT minBookingNotice, horizonEnd FROM creatorProfiles WHERE id = ? AND published = 1');

// Members without a value are left out, as Visavis leaves them out; set to undefined, not deleted, since V8 slows down on deleted members.
function view(row) {
    row.tags = JSON.parse(row.tags);
    row.consultationType ??= undefined;
    row.description ??= undefined;
    return row;
}

const app = express();
app.disable('x-powered-by');
app.disable('etag'); // a hash of the whole body that Visavis does not make either
app.get('/api/v1/specialists/:id/slots', (request, response) => {
    const specialist = profile.get(request.params.id);
    if (!specialist) return response.status(404).json({ code: 'not_found' });
    const earliest = new Date(Date.now() + specialist.minBookingNotice * 3_600_000).toISOString();
    const limit = Number(request.query.limit ?? 1000);
    const items = select.all(request.params.id, earliest, specialist.horizonEnd, limit).map(view);
    response.json({ items, nextCursor: null });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
