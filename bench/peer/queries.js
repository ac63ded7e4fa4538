// The seed's own queries as a Node team would answer them: Express, prepared statements of better-sqlite3, the seed's indexes; a log-in by bearer token, as Visavis has one.
// Usage: node queries.js FILE; prints its port. The file is made by bench/rows.py, from what Visavis answers.
import Database from 'better-sqlite3';
import express from 'express';
import { createHash } from 'node:crypto';

const database = new Database(process.argv[2], { readonly: true });
const history = database.prepare(`SELECT bookings.doc, customers.doc AS customer FROM bookings JOIN customers ON customers.id = bookings.customerId
    WHERE bookings.specialistId = ? AND bookings.status = 'completed' ORDER BY bookings.createdAt DESC LIMIT ?`);
const earnings = database.prepare(`SELECT SUM(specialistPayout) AS totalEarnings, COUNT(*) AS transactionCount FROM payments
    WHERE specialistId = ? AND status = 'succeeded' AND succeededAt >= ? GROUP BY specialistId`);
const logIn = database.prepare('SELECT userId FROM logIns WHERE tokenHash = ?');
const unread = database.prepare('SELECT COUNT(*) AS count FROM notifications WHERE recipientId = ? AND isRead = 0');

const app = express();
app.disable('x-powered-by');
app.disable('etag'); // a hash of the whole body that Visavis does not make either
app.use((request, response, next) => {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    if (!logIn.get(createHash('sha256').update(token).digest('hex'))) return response.status(401).json({ code: 'unauthenticated' });
    next();
});
app.get('/specialists/:id/bookings', (request, response) => {
    const rows = history.all(request.params.id, Number(request.query.limit ?? 20));
    response.json({ items: rows.map((row) => ({ ...JSON.parse(row.doc), customerDetails: JSON.parse(row.customer) })) });
});
app.get('/specialists/:id/earnings', (request, response) => response.json(earnings.get(request.params.id, request.query.from)));
app.get('/users/:id/unread', (request, response) => response.json(unread.get(request.params.id)));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
