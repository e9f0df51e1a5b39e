BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE card (
	id INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	chat BIGINT NOT NULL, 
	screen TEXT NOT NULL, 
	want INTEGER NOT NULL, 
	rendered INTEGER NOT NULL, 
	anew BOOLEAN NOT NULL, 
	visit INTEGER NOT NULL, 
	message_id BIGINT, 
	shown_visit INTEGER, 
	shown_from BIGINT, 
	owner VARCHAR, 
	lease_until DATETIME, 
	next_at DATETIME NOT NULL, 
	tries INTEGER NOT NULL, second_id BIGINT, unsure_until DATETIME, 
	CONSTRAINT pk_card PRIMARY KEY (id), 
	CONSTRAINT uq_card_subject_chat UNIQUE (subject, chat)
);
INSERT INTO "card" VALUES(1,'menu',101,'{"file":null,"is":"Screen","rows":[],"text":"\ud83d\ude80 <b>SOP Bukti Kerja</b>\nDimulai sebagai pelaksanaan #1. Kartunya ada di bawah."}',2,2,0,0,2,0,2,NULL,NULL,'2026-11-24 01:00:00.000000',0,NULL,NULL);
INSERT INTO "card" VALUES(2,'run:1',101,'{"file":null,"is":"Screen","rows":[[{"data":"r1.1.3.0.other","is":"Button","label":"\u26a0\ufe0f Kendala","style":{"is":"Style","value":""}},{"data":"r1.1.3.0.more","is":"Button","label":"\u22ef Lainnya","style":{"is":"Style","value":""}}],[{"data":"r1.1.3.0.undo","is":"Button","label":"\u21b6 Urungkan","style":{"is":"Style","value":""}}]],"text":"<b>Bukti Kerja</b> \u00b7 #1\nLangkah 3 dari 4\n\n<b>Mengirim tempat mesin</b>\n\n\ud83d\udc64 Teknisi\n\u2139\ufe0f versi 1\n\ud83d\udcce Lokasi 0/1\n\n\ud83d\udc49 Kirim lokasi Anda di sini."}',12,12,0,3,10,3,7,NULL,NULL,'2026-11-24 01:00:00.000000',0,NULL,NULL);
INSERT INTO "card" VALUES(3,'report',101,'{"file":null,"is":"Screen","rows":[],"text":"\u2705 Laporan nomor 1 sudah sampai kepada penanggung jawab. Terima kasih."}',3,3,0,0,8,0,8,NULL,NULL,'2026-11-24 01:00:00.000000',0,NULL,NULL);
INSERT INTO "card" VALUES(4,'menu',102,'{"file":null,"is":"Screen","rows":[],"text":"\ud83d\ude80 <b>SOP Surat Masuk</b>\nDimulai sebagai pelaksanaan #2. Kartunya ada di bawah."}',2,2,0,0,12,0,12,NULL,NULL,'2026-11-24 01:00:00.000000',0,NULL,NULL);
INSERT INTO "card" VALUES(5,'run:2',102,'{"file":null,"is":"Screen","rows":[[{"data":"r1.2.2.0.undo","is":"Button","label":"\u21b6 Urungkan","style":{"is":"Style","value":""}}],[{"data":"m1.sop.surat-baru","is":"Button","label":"\ud83d\udd01 Buka SOP ini lagi","style":{"is":"Style","value":""}}]],"text":"<b>Surat Masuk</b> \u00b7 #2\nversi 2\n\n\ud83c\udfc1 <b>Pelaksanaan selesai. Terima kasih.</b>\n\nSesuai 100 %. Semua sesuai SOP.\nWaktu kerja: 0 menit."}',3,3,0,2,17,2,15,NULL,NULL,'2026-11-24 01:00:00.000000',0,NULL,NULL);
INSERT INTO "card" VALUES(6,'menu',104,'{"file":null,"is":"Screen","rows":[],"text":"\ud83d\ude80 <b>SOP Isian Harian</b>\nDimulai sebagai pelaksanaan #3. Kartunya ada di bawah."}',2,2,0,0,19,0,19,NULL,NULL,'2026-11-24 01:00:00.000000',0,NULL,NULL);
INSERT INTO "card" VALUES(7,'run:3',104,'{"file":null,"is":"Screen","rows":[[{"data":"r1.3.1.3.why.0","is":"Button","label":"Sudah dikerjakan di tempat lain","style":{"is":"Style","value":""}}],[{"data":"r1.3.1.3.why.1","is":"Button","label":"Tidak diperlukan kali ini","style":{"is":"Style","value":""}}],[{"data":"r1.3.1.3.why.2","is":"Button","label":"Waktu tidak cukup","style":{"is":"Style","value":""}}],[{"data":"r1.3.1.3.why.3","is":"Button","label":"Alat atau aplikasi tidak tersedia","style":{"is":"Style","value":""}}],[{"data":"r1.3.1.3.why.4","is":"Button","label":"Pejabat tidak di tempat","style":{"is":"Style","value":""}}],[{"data":"r1.3.1.3.why.5","is":"Button","label":"Alasan lain","style":{"is":"Style","value":""}}],[{"data":"r1.3.1.3.back","is":"Button","label":"\u2039 Kembali","style":{"is":"Style","value":""}}]],"text":"<b>Isian Harian</b> \u00b7 #3\nLangkah 1 dari 4\nMengisi buku\n\n<b>Mengapa langkah ini dilewati?</b>"}',3,3,0,1,20,1,20,NULL,NULL,'2026-11-24 01:00:00.000000',0,NULL,NULL);
CREATE TABLE deviation (
	seq BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	run INTEGER NOT NULL, 
	turn INTEGER NOT NULL, 
	sop VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	step VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	person INTEGER NOT NULL, 
	position VARCHAR, 
	unit VARCHAR, 
	reason VARCHAR, 
	detail VARCHAR NOT NULL, 
	late_seconds INTEGER, 
	undone BOOLEAN NOT NULL, 
	CONSTRAINT pk_deviation PRIMARY KEY (seq), 
	CONSTRAINT uq_deviation_run_turn UNIQUE (run, turn)
);
INSERT INTO "deviation" VALUES(12,'2026-11-24 01:00:00.000000',1,8,'bukti','1','berkas','skipped',1,'teknisi','Bengkel','no_time','',NULL,0);
CREATE TABLE favourite (
	person INTEGER NOT NULL, 
	sop VARCHAR NOT NULL, 
	CONSTRAINT pk_favourite PRIMARY KEY (person, sop)
);
CREATE TABLE "file" (
	id INTEGER NOT NULL, 
	unique_id VARCHAR NOT NULL, 
	file_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	person INTEGER NOT NULL, 
	run INTEGER, 
	visit INTEGER NOT NULL, 
	step VARCHAR, 
	report INTEGER, 
	at DATETIME NOT NULL, 
	state VARCHAR NOT NULL, 
	sha256 VARCHAR, 
	size INTEGER, 
	tries INTEGER NOT NULL, 
	next_at DATETIME NOT NULL, 
	form VARCHAR, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_file PRIMARY KEY (id)
);
INSERT INTO "file" VALUES(1,'AQAD94589bb158dcac33','AgAC94589bb158dcac33000001','photo',1,1,1,'foto',NULL,'2026-11-24 01:00:00.000000','kept','c9cc277409068154fef4050950d3a682266d35846cf893347fd88e3962aa29e8',69,0,'2026-11-24 01:00:00.000000','photo','');
INSERT INTO "file" VALUES(2,'AQAD856a998934af10e1','AgAC856a998934af10e1000003','photo',1,1,1,'foto',NULL,'2026-11-24 01:00:00.000000','kept','0167ee8dea7b71a1b97b6416071fb15caedd682e67a957b48e27fcc2eda82549',69,0,'2026-11-24 01:00:00.000000','photo','');
CREATE TABLE inbox (
	update_id BIGINT NOT NULL, 
	sender BIGINT NOT NULL, 
	raw TEXT NOT NULL, 
	received_at DATETIME NOT NULL, 
	state VARCHAR NOT NULL, 
	tries INTEGER NOT NULL, 
	error VARCHAR NOT NULL, 
	CONSTRAINT pk_inbox PRIMARY KEY (update_id)
);
INSERT INTO "inbox" VALUES(100000001,101,'{"update_id": 100000001, "message": {"message_id": 1, "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "text": "/start sop_bukti", "entities": [{"offset": 0, "length": 6, "type": "bot_command"}]}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000002,101,'{"update_id": 100000002, "callback_query": {"id": "1694498817", "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "message": {"message_id": 2, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "text": "SOP Bukti Kerja\nversi 1 \u00b7 berlaku\nBengkel\n\n4 langkah\n\n\u2139\ufe0f Tentang SOP ini\nPelaksana\n\u2022 Teknisi", "entities": [{"offset": 0, "length": 15, "type": "bold"}, {"offset": 54, "length": 38, "type": "expandable_blockquote"}, {"offset": 57, "length": 15, "type": "bold"}, {"offset": 73, "length": 9, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "\ud83d\ude80 Mulai", "style": "success", "callback_data": "m1.start.1.bukti"}], [{"text": "\u2b50 Jadikan favorit", "callback_data": "m1.fav.1.bukti"}], [{"text": "\ud83d\udcdd Prosedur salah", "callback_data": "m1.report.bukti"}]]}}, "chat_instance": "-6619136", "data": "m1.start.1.bukti"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000003,101,'{"update_id": 100000003, "message": {"message_id": 4, "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "photo": [{"file_id": "AgAC838162b0dd46912a000000", "file_unique_id": "AQAD838162b0dd46912a", "file_size": 68, "width": 1, "height": 1}, {"file_id": "AgAC94589bb158dcac33000001", "file_unique_id": "AQAD94589bb158dcac33", "file_size": 69, "width": 1, "height": 1}]}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000004,101,'{"update_id": 100000004, "message": {"message_id": 6, "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "photo": [{"file_id": "AgACc4e885783376df93000002", "file_unique_id": "AQADc4e885783376df93", "file_size": 68, "width": 1, "height": 1}, {"file_id": "AgAC856a998934af10e1000003", "file_unique_id": "AQAD856a998934af10e1", "file_size": 69, "width": 1, "height": 1}]}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000005,101,'{"update_id": 100000005, "callback_query": {"id": "1694498818", "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "message": {"message_id": 7, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "text": "Bukti Kerja \u00b7 #1\nLangkah 1 dari 4\n\nMemotret mesin dari dua sisi\n\n\ud83d\udc64 Teknisi\n\u2139\ufe0f versi 1\n\u2705 Foto 2/2", "entities": [{"offset": 0, "length": 11, "type": "bold"}, {"offset": 35, "length": 28, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "\u2705 Selesai", "style": "success", "callback_data": "r1.1.1.0.done"}], [{"text": "\u26a0\ufe0f Kendala", "callback_data": "r1.1.1.0.other"}, {"text": "\u22ef Lainnya", "callback_data": "r1.1.1.0.more"}]]}}, "chat_instance": "-6619136", "data": "r1.1.1.0.done"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000006,101,'{"update_id": 100000006, "callback_query": {"id": "1694498819", "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "message": {"message_id": 7, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "edit_date": 1795482000, "text": "Bukti Kerja \u00b7 #1\nLangkah 2 dari 4\n\nMenyerahkan berita acara\n\n\ud83d\udc64 Teknisi\n\u2139\ufe0f versi 1\n\ud83d\udcce Berkas 0/1\n\n\ud83d\udc49 Kirim berkasnya di sini.", "entities": [{"offset": 0, "length": 11, "type": "bold"}, {"offset": 35, "length": 24, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "\u26a0\ufe0f Kendala", "callback_data": "r1.1.2.0.other"}, {"text": "\u22ef Lainnya", "callback_data": "r1.1.2.0.more"}], [{"text": "\u21b6 Urungkan", "callback_data": "r1.1.2.0.undo"}]]}}, "chat_instance": "-6619136", "data": "r1.1.2.0.other"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000007,101,'{"update_id": 100000007, "callback_query": {"id": "1694498820", "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "message": {"message_id": 7, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "edit_date": 1795482000, "text": "Bukti Kerja \u00b7 #1\nLangkah 2 dari 4\nMenyerahkan berita acara\n\nApa yang berbeda pada langkah ini?", "entities": [{"offset": 0, "length": 11, "type": "bold"}, {"offset": 60, "length": 34, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "Selesai dengan catatan", "style": "primary", "callback_data": "r1.1.2.2.note"}], [{"text": "Lewati", "callback_data": "r1.1.2.2.skip"}, {"text": "Tidak berlaku", "callback_data": "r1.1.2.2.waive"}], [{"text": "Tidak bisa", "callback_data": "r1.1.2.2.block"}], [{"text": "\ud83d\udcdd Prosedur salah", "callback_data": "r1.1.2.2.wrong"}], [{"text": "\u2039 Kembali", "callback_data": "r1.1.2.2.back"}]]}}, "chat_instance": "-6619136", "data": "r1.1.2.2.skip"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000008,101,'{"update_id": 100000008, "callback_query": {"id": "1694498821", "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "message": {"message_id": 7, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "edit_date": 1795482000, "text": "Bukti Kerja \u00b7 #1\nLangkah 2 dari 4\nMenyerahkan berita acara\n\nMengapa langkah ini dilewati?", "entities": [{"offset": 0, "length": 11, "type": "bold"}, {"offset": 60, "length": 29, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "Sudah dikerjakan di tempat lain", "callback_data": "r1.1.2.3.why.0"}], [{"text": "Tidak diperlukan kali ini", "callback_data": "r1.1.2.3.why.1"}], [{"text": "Waktu tidak cukup", "callback_data": "r1.1.2.3.why.2"}], [{"text": "Alat atau aplikasi tidak tersedia", "callback_data": "r1.1.2.3.why.3"}], [{"text": "Pejabat tidak di tempat", "callback_data": "r1.1.2.3.why.4"}], [{"text": "Alasan lain", "callback_data": "r1.1.2.3.why.5"}], [{"text": "\u2039 Kembali", "callback_data": "r1.1.2.3.back"}]]}}, "chat_instance": "-6619136", "data": "r1.1.2.3.why.2"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000009,101,'{"update_id": 100000009, "callback_query": {"id": "1694498822", "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "message": {"message_id": 7, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "edit_date": 1795482000, "text": "Bukti Kerja \u00b7 #1\nLangkah 2 dari 4\nMenyerahkan berita acara\n\n\u2705 Sudah tercatat.\nIngin menambahkan sesuatu? Kirim teks, foto, atau pesan suara. Jika tidak, ketuk Lanjut.", "entities": [{"offset": 0, "length": 11, "type": "bold"}, {"offset": 62, "length": 15, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "Lanjut", "style": "primary", "callback_data": "r1.1.3.4.back"}], [{"text": "\u21b6 Urungkan", "callback_data": "r1.1.3.4.undo"}]]}}, "chat_instance": "-6619136", "data": "r1.1.3.4.back"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000010,101,'{"update_id": 100000010, "callback_query": {"id": "1694498823", "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "message": {"message_id": 7, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "edit_date": 1795482000, "text": "Bukti Kerja \u00b7 #1\nLangkah 3 dari 4\n\nMengirim tempat mesin\n\n\ud83d\udc64 Teknisi\n\u2139\ufe0f versi 1\n\ud83d\udcce Lokasi 0/1\n\n\ud83d\udc49 Kirim lokasi Anda di sini.", "entities": [{"offset": 0, "length": 11, "type": "bold"}, {"offset": 35, "length": 21, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "\u26a0\ufe0f Kendala", "callback_data": "r1.1.3.0.other"}, {"text": "\u22ef Lainnya", "callback_data": "r1.1.3.0.more"}], [{"text": "\u21b6 Urungkan", "callback_data": "r1.1.3.0.undo"}]]}}, "chat_instance": "-6619136", "data": "r1.1.3.0.other"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000011,101,'{"update_id": 100000011, "callback_query": {"id": "1694498824", "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "message": {"message_id": 7, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "edit_date": 1795482000, "text": "Bukti Kerja \u00b7 #1\nLangkah 3 dari 4\nMengirim tempat mesin\n\nApa yang berbeda pada langkah ini?", "entities": [{"offset": 0, "length": 11, "type": "bold"}, {"offset": 57, "length": 34, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "Selesai dengan catatan", "style": "primary", "callback_data": "r1.1.3.5.note"}], [{"text": "Lewati", "callback_data": "r1.1.3.5.skip"}, {"text": "Tidak berlaku", "callback_data": "r1.1.3.5.waive"}], [{"text": "Tidak bisa", "callback_data": "r1.1.3.5.block"}], [{"text": "\ud83d\udcdd Prosedur salah", "callback_data": "r1.1.3.5.wrong"}], [{"text": "\u2039 Kembali", "callback_data": "r1.1.3.5.back"}]]}}, "chat_instance": "-6619136", "data": "r1.1.3.5.wrong"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000012,101,'{"update_id": 100000012, "callback_query": {"id": "1694498825", "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "message": {"message_id": 8, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "text": "\ud83d\udcdd SOP Bukti Kerja\nLangkah 3: Mengirim tempat mesin\n\nApa yang salah pada prosedurnya?\nIni tentang SOP, bukan tentang pekerjaan Anda.", "entities": [{"offset": 3, "length": 15, "type": "bold"}, {"offset": 53, "length": 32, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "Salah ketik", "callback_data": "m1.fault.6.0"}], [{"text": "Urutan salah", "callback_data": "m1.fault.6.1"}], [{"text": "Langkah kurang", "callback_data": "m1.fault.6.2"}], [{"text": "Langkah tidak perlu", "callback_data": "m1.fault.6.3"}], [{"text": "Pelaksana salah", "callback_data": "m1.fault.6.4"}], [{"text": "Waktu tidak realistis", "callback_data": "m1.fault.6.5"}], [{"text": "Formulir/aturan berubah", "callback_data": "m1.fault.6.6"}], [{"text": "Hal lain", "callback_data": "m1.fault.6.7"}], [{"text": "\u2715 Batal", "callback_data": "m1.quit.6"}]]}}, "chat_instance": "-6619136", "data": "m1.fault.6.5"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000013,101,'{"update_id": 100000013, "message": {"message_id": 9, "from": {"id": 101, "is_bot": false, "first_name": "Andi", "language_code": "id"}, "chat": {"id": 101, "first_name": "Andi", "type": "private"}, "date": 1795482000, "text": "Selalu lebih lama"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000014,102,'{"update_id": 100000014, "message": {"message_id": 11, "from": {"id": 102, "is_bot": false, "first_name": "Siti", "language_code": "id"}, "chat": {"id": 102, "first_name": "Siti", "type": "private"}, "date": 1795482000, "text": "/start sop_surat-baru", "entities": [{"offset": 0, "length": 6, "type": "bot_command"}]}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000015,102,'{"update_id": 100000015, "callback_query": {"id": "1711276042", "from": {"id": 102, "is_bot": false, "first_name": "Siti", "language_code": "id"}, "message": {"message_id": 12, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 102, "first_name": "Siti", "type": "private"}, "date": 1795482000, "text": "SOP Surat Masuk\nversi 2 \u00b7 berlaku\nTata Usaha\n\n2 langkah\n\n\u2139\ufe0f Tentang SOP ini\nPelaksana\n\u2022 Arsiparis", "entities": [{"offset": 0, "length": 15, "type": "bold"}, {"offset": 57, "length": 40, "type": "expandable_blockquote"}, {"offset": 60, "length": 15, "type": "bold"}, {"offset": 76, "length": 9, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "\ud83d\ude80 Mulai", "style": "success", "callback_data": "m1.start.1.surat-baru"}], [{"text": "\u2b50 Jadikan favorit", "callback_data": "m1.fav.1.surat-baru"}], [{"text": "\ud83d\udcdd Prosedur salah", "callback_data": "m1.report.surat-baru"}], [{"text": "\ud83d\udd33 Kode QR", "callback_data": "m1.code.1.surat-baru"}]]}}, "chat_instance": "-6684672", "data": "m1.start.1.surat-baru"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000016,102,'{"update_id": 100000016, "message": {"message_id": 14, "from": {"id": 102, "is_bot": false, "first_name": "Siti", "language_code": "id"}, "chat": {"id": 102, "first_name": "Siti", "type": "private"}, "date": 1795482000, "text": "selesai"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000017,102,'{"update_id": 100000017, "message": {"message_id": 16, "from": {"id": 102, "is_bot": false, "first_name": "Siti", "language_code": "id"}, "chat": {"id": 102, "first_name": "Siti", "type": "private"}, "date": 1795482000, "text": "selesai"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000018,104,'{"update_id": 100000018, "message": {"message_id": 18, "from": {"id": 104, "is_bot": false, "first_name": "Nur", "language_code": "id"}, "chat": {"id": 104, "first_name": "Nur", "type": "private"}, "date": 1795482000, "text": "/start sop_isian", "entities": [{"offset": 0, "length": 6, "type": "bot_command"}]}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000019,104,'{"update_id": 100000019, "callback_query": {"id": "1744830475", "from": {"id": 104, "is_bot": false, "first_name": "Nur", "language_code": "id"}, "message": {"message_id": 19, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 104, "first_name": "Nur", "type": "private"}, "date": 1795482000, "text": "SOP Isian Harian\nversi 1 \u00b7 berlaku\nBengkel\n\n4 langkah\n\n\u2139\ufe0f Tentang SOP ini\nPelaksana\n\u2022 Teknisi", "entities": [{"offset": 0, "length": 16, "type": "bold"}, {"offset": 55, "length": 38, "type": "expandable_blockquote"}, {"offset": 58, "length": 15, "type": "bold"}, {"offset": 74, "length": 9, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "\ud83d\ude80 Mulai", "style": "success", "callback_data": "m1.start.1.isian"}], [{"text": "\u2b50 Jadikan favorit", "callback_data": "m1.fav.1.isian"}], [{"text": "\ud83d\udcdd Prosedur salah", "callback_data": "m1.report.isian"}], [{"text": "\ud83d\udd33 Kode QR", "callback_data": "m1.code.1.isian"}]]}}, "chat_instance": "-6815744", "data": "m1.start.1.isian"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000020,104,'{"update_id": 100000020, "callback_query": {"id": "1744830476", "from": {"id": 104, "is_bot": false, "first_name": "Nur", "language_code": "id"}, "message": {"message_id": 20, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 104, "first_name": "Nur", "type": "private"}, "date": 1795482000, "text": "Isian Harian \u00b7 #3\nLangkah 1 dari 4\n\nMengisi buku\n\n\ud83d\udc64 Teknisi\n\u2139\ufe0f versi 1\n\n\ud83d\udc49 Ruang (1/6)\nKetik jawabannya.", "entities": [{"offset": 0, "length": 12, "type": "bold"}, {"offset": 36, "length": 12, "type": "bold"}, {"offset": 76, "length": 5, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "\u26a0\ufe0f Kendala", "callback_data": "r1.3.1.0.other"}, {"text": "\u22ef Lainnya", "callback_data": "r1.3.1.0.more"}]]}}, "chat_instance": "-6815744", "data": "r1.3.1.0.other"}}','2026-11-24 01:00:00.000000','done',0,'');
INSERT INTO "inbox" VALUES(100000021,104,'{"update_id": 100000021, "callback_query": {"id": "1744830477", "from": {"id": 104, "is_bot": false, "first_name": "Nur", "language_code": "id"}, "message": {"message_id": 20, "from": {"id": 123456789, "is_bot": true, "first_name": "Pandu", "username": "pandu_bot"}, "chat": {"id": 104, "first_name": "Nur", "type": "private"}, "date": 1795482000, "edit_date": 1795482000, "text": "Isian Harian \u00b7 #3\nLangkah 1 dari 4\nMengisi buku\n\nApa yang berbeda pada langkah ini?", "entities": [{"offset": 0, "length": 12, "type": "bold"}, {"offset": 49, "length": 34, "type": "bold"}], "link_preview_options": {"is_disabled": true}, "reply_markup": {"inline_keyboard": [[{"text": "Selesai dengan catatan", "style": "primary", "callback_data": "r1.3.1.2.note"}], [{"text": "Lewati", "callback_data": "r1.3.1.2.skip"}, {"text": "Tidak berlaku", "callback_data": "r1.3.1.2.waive"}], [{"text": "Tidak bisa", "callback_data": "r1.3.1.2.block"}], [{"text": "\ud83d\udcdd Prosedur salah", "callback_data": "r1.3.1.2.wrong"}], [{"text": "\u2039 Kembali", "callback_data": "r1.3.1.2.back"}]]}}, "chat_instance": "-6815744", "data": "r1.3.1.2.skip"}}','2026-11-24 01:00:00.000000','done',0,'');
CREATE TABLE install (
	id INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, heard_at DATETIME, 
	CONSTRAINT pk_install PRIMARY KEY (id)
);
INSERT INTO "install" VALUES(1,1,'2026-11-24 01:00:00.000000','2026-11-24 01:00:00.000000');
CREATE TABLE journal (
	seq BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	run INTEGER, 
	turn INTEGER, 
	sop VARCHAR, 
	version VARCHAR, 
	step VARCHAR, 
	kind VARCHAR NOT NULL, 
	person INTEGER, 
	position VARCHAR, 
	unit VARCHAR, 
	body TEXT NOT NULL, 
	prev VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	CONSTRAINT pk_journal PRIMARY KEY (seq), 
	CONSTRAINT uq_journal_run_turn UNIQUE (run, turn)
);
INSERT INTO "journal" VALUES(1,'2026-11-24 01:00:00.000000',NULL,NULL,'surat-baru','2',NULL,'version_loaded',NULL,NULL,'Tata Usaha','{"at":"2026-11-24T01:00:00+00:00","data":{"digest":"a7ffcd460403b5be06b0860d784ac0ed1025bfc16ebf49b075a4454af1a4bc71","is":"VersionLoaded","status":{"is":"Status","value":"in force"}},"person":null,"position":null,"run":null,"seq":1,"sop":"surat-baru","step":null,"turn":null,"unit":"Tata Usaha","version":"2"}','0000000000000000000000000000000000000000000000000000000000000000','6b299cb31e0111ae8bbe3b30de852849b431670f15e90d41b4b392ae743d9d7a');
INSERT INTO "journal" VALUES(2,'2026-11-24 01:00:00.000000',NULL,NULL,'bukti','1',NULL,'version_loaded',NULL,NULL,'Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"digest":"afb3be9278d3b9127bdfd2840020ab9472231944d8a5afb3c963f48ea15abb88","is":"VersionLoaded","status":{"is":"Status","value":"in force"}},"person":null,"position":null,"run":null,"seq":2,"sop":"bukti","step":null,"turn":null,"unit":"Bengkel","version":"1"}','6b299cb31e0111ae8bbe3b30de852849b431670f15e90d41b4b392ae743d9d7a','2cf0e5b0f525a5a9ecd8bc6f42c8a5b13a9c1453f2275cebb5b81d64e47fe190');
INSERT INTO "journal" VALUES(3,'2026-11-24 01:00:00.000000',NULL,NULL,'isian','1',NULL,'version_loaded',NULL,NULL,'Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"digest":"27965cdd971412316678bfb0f5c0a03990b008dc9930d74d0a69f7444461b53c","is":"VersionLoaded","status":{"is":"Status","value":"in force"}},"person":null,"position":null,"run":null,"seq":3,"sop":"isian","step":null,"turn":null,"unit":"Bengkel","version":"1"}','2cf0e5b0f525a5a9ecd8bc6f42c8a5b13a9c1453f2275cebb5b81d64e47fe190','17edbc7605a79faf575cd0d623899f6bcef7f68b8bec2dfca52a6cba6366d849');
INSERT INTO "journal" VALUES(4,'2026-11-24 01:00:00.000000',NULL,NULL,'surat-lama','1',NULL,'version_loaded',NULL,NULL,'Tata Usaha','{"at":"2026-11-24T01:00:00+00:00","data":{"digest":"89ca31634934b3e7eb70a51282763d67ec208be709e5002b312f1544341949fe","is":"VersionLoaded","status":{"is":"Status","value":"withdrawn"}},"person":null,"position":null,"run":null,"seq":4,"sop":"surat-lama","step":null,"turn":null,"unit":"Tata Usaha","version":"1"}','17edbc7605a79faf575cd0d623899f6bcef7f68b8bec2dfca52a6cba6366d849','69842db81643254012781d71d79ff00a8a7fd0d2a33f0f440c99d5e8f1dfb331');
INSERT INTO "journal" VALUES(5,'2026-11-24 01:00:00.000000',1,1,'bukti','1','foto','started',1,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"digest":"afb3be9278d3b9127bdfd2840020ab9472231944d8a5afb3c963f48ea15abb88","is":"Started","sop":"bukti","starter":1},"person":1,"position":"teknisi","run":1,"seq":5,"sop":"bukti","step":"foto","turn":1,"unit":"Bengkel","version":"1"}','69842db81643254012781d71d79ff00a8a7fd0d2a33f0f440c99d5e8f1dfb331','c7d0f5c026d72404fff54dc2df23e07a24d9289175d384e99a6c81e0850b1feb');
INSERT INTO "journal" VALUES(6,'2026-11-24 01:00:00.000000',1,2,'bukti','1','foto','entered',1,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"is":"Entered","kept":false,"step":"foto","visit":1},"person":1,"position":"teknisi","run":1,"seq":6,"sop":"bukti","step":"foto","turn":2,"unit":"Bengkel","version":"1"}','c7d0f5c026d72404fff54dc2df23e07a24d9289175d384e99a6c81e0850b1feb','b394d8c11e0cbe1c3c8ac0cbc461a56bc162aa0706e54d13de4a07548761abb6');
INSERT INTO "journal" VALUES(7,'2026-11-24 01:00:00.000000',1,3,'bukti','1','foto','attached',1,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"file":{"is":"Attachment","kind":{"is":"FileKind","value":"photo"},"unique":"AQAD94589bb158dcac33"},"is":"Attached"},"person":1,"position":"teknisi","run":1,"seq":7,"sop":"bukti","step":"foto","turn":3,"unit":"Bengkel","version":"1"}','b394d8c11e0cbe1c3c8ac0cbc461a56bc162aa0706e54d13de4a07548761abb6','4d8581f1296879d5e9b558a7184d129006949f150fa83945364c86fb8b7abad3');
INSERT INTO "journal" VALUES(8,'2026-11-24 01:00:00.000000',1,4,'bukti','1','foto','attached',1,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"file":{"is":"Attachment","kind":{"is":"FileKind","value":"photo"},"unique":"AQAD856a998934af10e1"},"is":"Attached"},"person":1,"position":"teknisi","run":1,"seq":8,"sop":"bukti","step":"foto","turn":4,"unit":"Bengkel","version":"1"}','4d8581f1296879d5e9b558a7184d129006949f150fa83945364c86fb8b7abad3','b8b6d572e679f20217418a20a6c86909bf0749a7ee19364a951e3464bba10127');
INSERT INTO "journal" VALUES(9,'2026-11-24 01:00:00.000000',1,5,'bukti','1','foto','finished',1,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"done_at":null,"is":"Finished","step":"foto"},"person":1,"position":"teknisi","run":1,"seq":9,"sop":"bukti","step":"foto","turn":5,"unit":"Bengkel","version":"1"}','b8b6d572e679f20217418a20a6c86909bf0749a7ee19364a951e3464bba10127','ae0e0c45e71f8ea3544f3a70e43ca07d000cc66ba5541fb68985cc7fd9400215');
INSERT INTO "journal" VALUES(10,'2026-11-24 01:00:00.000000',1,6,'bukti','1','berkas','entered',1,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"is":"Entered","kept":false,"step":"berkas","visit":2},"person":1,"position":"teknisi","run":1,"seq":10,"sop":"bukti","step":"berkas","turn":6,"unit":"Bengkel","version":"1"}','ae0e0c45e71f8ea3544f3a70e43ca07d000cc66ba5541fb68985cc7fd9400215','90f70fd487a3081c08458e292f9593392b3c001a2d68d2db1268298963603318');
INSERT INTO "journal" VALUES(11,'2026-11-24 01:00:00.000000',1,7,'bukti','1','berkas','skipped',1,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"is":"Skipped","reason":{"is":"Reason","value":"no_time"},"step":"berkas"},"person":1,"position":"teknisi","run":1,"seq":11,"sop":"bukti","step":"berkas","turn":7,"unit":"Bengkel","version":"1"}','90f70fd487a3081c08458e292f9593392b3c001a2d68d2db1268298963603318','959fb859d58b6da5393a1dd0e4d219ecb26758ff8f20c15b6e76cbd09e35e4da');
INSERT INTO "journal" VALUES(12,'2026-11-24 01:00:00.000000',1,8,'bukti','1','berkas','deviated',1,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"detail":"","is":"Deviated","kind":{"is":"Kind","value":"skipped"},"late":null,"reason":{"is":"Reason","value":"no_time"},"step":"berkas"},"person":1,"position":"teknisi","run":1,"seq":12,"sop":"bukti","step":"berkas","turn":8,"unit":"Bengkel","version":"1"}','959fb859d58b6da5393a1dd0e4d219ecb26758ff8f20c15b6e76cbd09e35e4da','5d01bd5a5bdf67f21727166008c69e6d0f59e1bde86e6fec2adf2889410820a2');
INSERT INTO "journal" VALUES(13,'2026-11-24 01:00:00.000000',1,9,'bukti','1','tempat','entered',1,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"is":"Entered","kept":false,"step":"tempat","visit":3},"person":1,"position":"teknisi","run":1,"seq":13,"sop":"bukti","step":"tempat","turn":9,"unit":"Bengkel","version":"1"}','5d01bd5a5bdf67f21727166008c69e6d0f59e1bde86e6fec2adf2889410820a2','a5dc54952169958077c234d3d007f7efc003daf0ca90de800600aaf674a11112');
INSERT INTO "journal" VALUES(14,'2026-11-24 01:00:00.000000',NULL,NULL,'bukti','1','tempat','reported',1,NULL,'Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"fault":{"is":"Fault","value":"unreal_time"},"is":"Reported","number":1,"step":"tempat"},"person":1,"position":null,"run":null,"seq":14,"sop":"bukti","step":"tempat","turn":null,"unit":"Bengkel","version":"1"}','a5dc54952169958077c234d3d007f7efc003daf0ca90de800600aaf674a11112','ce125831d8a3b451651cd3c70b363ae15923e55d8f4a1f392b41095f2419ea48');
INSERT INTO "journal" VALUES(15,'2026-11-24 01:00:00.000000',NULL,NULL,'bukti','1',NULL,'report_explained',1,NULL,NULL,'{"at":"2026-11-24T01:00:00+00:00","data":{"file":null,"is":"ReportExplained","number":1,"text":{"digest":"bb74d5f506891eb37e03abc19b77f8f0edef7f5f1ad9522af5311174a21ec4d8"}},"person":1,"position":null,"run":null,"seq":15,"sop":"bukti","step":null,"turn":null,"unit":null,"version":"1"}','ce125831d8a3b451651cd3c70b363ae15923e55d8f4a1f392b41095f2419ea48','2fc179f3b024de4bb63cc4a711b47d49c2ef82f40f7fc01340a31d1511e8b251');
INSERT INTO "journal" VALUES(16,'2026-11-24 01:00:00.000000',2,1,'surat-baru','2','catat','started',2,'arsip','Tata Usaha','{"at":"2026-11-24T01:00:00+00:00","data":{"digest":"a7ffcd460403b5be06b0860d784ac0ed1025bfc16ebf49b075a4454af1a4bc71","is":"Started","sop":"surat-baru","starter":2},"person":2,"position":"arsip","run":2,"seq":16,"sop":"surat-baru","step":"catat","turn":1,"unit":"Tata Usaha","version":"2"}','2fc179f3b024de4bb63cc4a711b47d49c2ef82f40f7fc01340a31d1511e8b251','33912c14ba58e581a919536886ce17eb28be3f63a0c434f573b0f459c2cbe858');
INSERT INTO "journal" VALUES(17,'2026-11-24 01:00:00.000000',2,2,'surat-baru','2','catat','entered',2,'arsip','Tata Usaha','{"at":"2026-11-24T01:00:00+00:00","data":{"is":"Entered","kept":false,"step":"catat","visit":1},"person":2,"position":"arsip","run":2,"seq":17,"sop":"surat-baru","step":"catat","turn":2,"unit":"Tata Usaha","version":"2"}','33912c14ba58e581a919536886ce17eb28be3f63a0c434f573b0f459c2cbe858','5b9de6241de30922e31a10e5384485e00e971991ad1af1c9a92ff3f97ec1b968');
INSERT INTO "journal" VALUES(18,'2026-11-24 01:00:00.000000',2,3,'surat-baru','2','catat','finished',2,'arsip','Tata Usaha','{"at":"2026-11-24T01:00:00+00:00","data":{"done_at":null,"is":"Finished","step":"catat"},"person":2,"position":"arsip","run":2,"seq":18,"sop":"surat-baru","step":"catat","turn":3,"unit":"Tata Usaha","version":"2"}','5b9de6241de30922e31a10e5384485e00e971991ad1af1c9a92ff3f97ec1b968','bd1497ecf0dfa65417ba2c68b71cfe4862d617d20e0b3e656b34f859841a7ac2');
INSERT INTO "journal" VALUES(19,'2026-11-24 01:00:00.000000',2,4,'surat-baru','2','simpan','entered',2,'arsip','Tata Usaha','{"at":"2026-11-24T01:00:00+00:00","data":{"is":"Entered","kept":false,"step":"simpan","visit":2},"person":2,"position":"arsip","run":2,"seq":19,"sop":"surat-baru","step":"simpan","turn":4,"unit":"Tata Usaha","version":"2"}','bd1497ecf0dfa65417ba2c68b71cfe4862d617d20e0b3e656b34f859841a7ac2','0a15e239c0e80a29a0df35f5c316f6ebd59cae2651fdad6300a76b467b024300');
INSERT INTO "journal" VALUES(20,'2026-11-24 01:00:00.000000',2,5,'surat-baru','2','simpan','finished',2,'arsip','Tata Usaha','{"at":"2026-11-24T01:00:00+00:00","data":{"done_at":null,"is":"Finished","step":"simpan"},"person":2,"position":"arsip","run":2,"seq":20,"sop":"surat-baru","step":"simpan","turn":5,"unit":"Tata Usaha","version":"2"}','0a15e239c0e80a29a0df35f5c316f6ebd59cae2651fdad6300a76b467b024300','232fd5ec875e6b32bdd4c631e68801fa1752a5fd9b907da26a2f2d322df164f1');
INSERT INTO "journal" VALUES(21,'2026-11-24 01:00:00.000000',2,6,'surat-baru','2','simpan','completed',2,'arsip','Tata Usaha','{"at":"2026-11-24T01:00:00+00:00","data":{"is":"Completed"},"person":2,"position":"arsip","run":2,"seq":21,"sop":"surat-baru","step":"simpan","turn":6,"unit":"Tata Usaha","version":"2"}','232fd5ec875e6b32bdd4c631e68801fa1752a5fd9b907da26a2f2d322df164f1','4609adc1c588b1408e2cdc7a8f065c346cb2344181357b2ab2ab567e09b4b8cf');
INSERT INTO "journal" VALUES(22,'2026-11-24 01:00:00.000000',3,1,'isian','1','isi','started',3,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"digest":"27965cdd971412316678bfb0f5c0a03990b008dc9930d74d0a69f7444461b53c","is":"Started","sop":"isian","starter":3},"person":3,"position":"teknisi","run":3,"seq":22,"sop":"isian","step":"isi","turn":1,"unit":"Bengkel","version":"1"}','4609adc1c588b1408e2cdc7a8f065c346cb2344181357b2ab2ab567e09b4b8cf','81affde708b8de6330341aa4ea74161393f3ffabbb6c8db595730bb61c0e9ed4');
INSERT INTO "journal" VALUES(23,'2026-11-24 01:00:00.000000',3,2,'isian','1','isi','entered',3,'teknisi','Bengkel','{"at":"2026-11-24T01:00:00+00:00","data":{"is":"Entered","kept":false,"step":"isi","visit":1},"person":3,"position":"teknisi","run":3,"seq":23,"sop":"isian","step":"isi","turn":2,"unit":"Bengkel","version":"1"}','81affde708b8de6330341aa4ea74161393f3ffabbb6c8db595730bb61c0e9ed4','b5bfac4844b2998193acacf362261e5aa0753838ed3ff6b98c10b8938bdf19f4');
CREATE TABLE journal_text (
	seq BIGINT NOT NULL, 
	name VARCHAR NOT NULL, 
	salt VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_journal_text PRIMARY KEY (seq, name)
);
INSERT INTO "journal_text" VALUES(15,'text','a08a2ed502b73eff34050f3c6b046467','"Selalu lebih lama"');
CREATE TABLE letter (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	chat BIGINT NOT NULL, 
	screen TEXT NOT NULL, 
	state VARCHAR NOT NULL, 
	must BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	owner VARCHAR, 
	lease_until DATETIME, 
	next_at DATETIME NOT NULL, 
	tries INTEGER NOT NULL, 
	error VARCHAR NOT NULL, 
	CONSTRAINT pk_letter PRIMARY KEY (id), 
	CONSTRAINT uq_letter_key UNIQUE ("key")
);
CREATE TABLE person (
	id INTEGER NOT NULL, 
	telegram_id BIGINT NOT NULL, 
	name VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	roles VARCHAR NOT NULL, 
	reachable BOOLEAN NOT NULL, 
	seen_id BIGINT NOT NULL, 
	greeted_at DATETIME, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT uq_person_telegram_id UNIQUE (telegram_id)
);
INSERT INTO "person" VALUES(1,101,'Andi','id','performer',1,9,NULL);
INSERT INTO "person" VALUES(2,102,'Siti','id','performer,supervisor',1,16,NULL);
INSERT INTO "person" VALUES(3,104,'Nur','id','admin,manager,performer',1,18,NULL);
CREATE TABLE question (
	person INTEGER NOT NULL, 
	ask INTEGER NOT NULL, 
	run INTEGER, 
	visit INTEGER NOT NULL, 
	body TEXT, 
	CONSTRAINT pk_question PRIMARY KEY (person)
);
INSERT INTO "question" VALUES(1,7,NULL,0,NULL);
INSERT INTO "question" VALUES(2,1,NULL,0,NULL);
INSERT INTO "question" VALUES(3,3,3,1,'{"command":{"is":"Skip","reason":null},"is":"Because"}');
CREATE TABLE reminder (
	id INTEGER NOT NULL, 
	review INTEGER NOT NULL, 
	round INTEGER NOT NULL, 
	moment VARCHAR NOT NULL, 
	due_at DATETIME NOT NULL, 
	fired_at DATETIME, 
	retry_at DATETIME, 
	CONSTRAINT pk_reminder PRIMARY KEY (id), 
	CONSTRAINT uq_reminder_review_round_moment UNIQUE (review, round, moment)
);
CREATE TABLE report (
	id INTEGER NOT NULL, 
	seq BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	sop VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	step VARCHAR, 
	run INTEGER, 
	turn INTEGER, 
	kind VARCHAR NOT NULL, 
	person INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	CONSTRAINT pk_report PRIMARY KEY (id)
);
INSERT INTO "report" VALUES(1,14,'2026-11-24 01:00:00.000000','bukti','1','tempat',1,NULL,'unreal_time',1,'open');
CREATE TABLE review (
	id INTEGER NOT NULL, 
	sop VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	n INTEGER NOT NULL, 
	opens DATE NOT NULL, 
	due DATE NOT NULL, 
	decided_at DATETIME, 
	CONSTRAINT pk_review PRIMARY KEY (id), 
	CONSTRAINT uq_review_digest_kind_n UNIQUE (digest, kind, n)
);
CREATE TABLE run (
	id INTEGER NOT NULL, 
	sop VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	starter INTEGER NOT NULL, 
	progress VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	started_at DATETIME NOT NULL, 
	moved_at DATETIME NOT NULL, 
	CONSTRAINT pk_run PRIMARY KEY (id)
);
INSERT INTO "run" VALUES(1,'bukti','afb3be9278d3b9127bdfd2840020ab9472231944d8a5afb3c963f48ea15abb88',1,'active',9,'{"before":{"before":null,"begun_at":null,"deviations":0,"digest":"afb3be9278d3b9127bdfd2840020ab9472231944d8a5afb3c963f48ea15abb88","done":{"foto":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"}},"doubts":[],"earlier":{},"ended_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"entered_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"extra":0,"files":[],"id":1,"is":"Run","paused_at":null,"paused_for":{"is":"timedelta","value":0.0},"performed":1,"progress":{"is":"Progress","value":"active"},"skipped":0,"sop":"bukti","started_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"starter":1,"step":"berkas","taken":{},"ticks":[],"turn":6,"values":{},"visit":2,"visits":{"berkas":1,"foto":1}},"begun_at":null,"deviations":1,"digest":"afb3be9278d3b9127bdfd2840020ab9472231944d8a5afb3c963f48ea15abb88","done":{"foto":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"}},"doubts":[],"earlier":{},"ended_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"entered_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"extra":0,"files":[],"id":1,"is":"Run","paused_at":null,"paused_for":{"is":"timedelta","value":0.0},"performed":1,"progress":{"is":"Progress","value":"active"},"skipped":1,"sop":"bukti","started_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"starter":1,"step":"tempat","taken":{},"ticks":[],"turn":9,"values":{},"visit":3,"visits":{"berkas":1,"foto":1,"tempat":1}}','2026-11-24 01:00:00.000000','2026-11-24 01:00:00.000000');
INSERT INTO "run" VALUES(2,'surat-baru','a7ffcd460403b5be06b0860d784ac0ed1025bfc16ebf49b075a4454af1a4bc71',2,'done',6,'{"before":{"before":null,"begun_at":null,"deviations":0,"digest":"a7ffcd460403b5be06b0860d784ac0ed1025bfc16ebf49b075a4454af1a4bc71","done":{"catat":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"}},"doubts":[],"earlier":{},"ended_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"entered_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"extra":0,"files":[],"id":2,"is":"Run","paused_at":null,"paused_for":{"is":"timedelta","value":0.0},"performed":1,"progress":{"is":"Progress","value":"active"},"skipped":0,"sop":"surat-baru","started_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"starter":2,"step":"simpan","taken":{},"ticks":[],"turn":4,"values":{},"visit":2,"visits":{"catat":1,"simpan":1}},"begun_at":null,"deviations":0,"digest":"a7ffcd460403b5be06b0860d784ac0ed1025bfc16ebf49b075a4454af1a4bc71","done":{"catat":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"simpan":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"}},"doubts":[],"earlier":{},"ended_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"entered_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"extra":0,"files":[],"id":2,"is":"Run","paused_at":null,"paused_for":{"is":"timedelta","value":0.0},"performed":2,"progress":{"is":"Progress","value":"done"},"skipped":0,"sop":"surat-baru","started_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"starter":2,"step":null,"taken":{},"ticks":[],"turn":6,"values":{},"visit":2,"visits":{"catat":1,"simpan":1}}','2026-11-24 01:00:00.000000','2026-11-24 01:00:00.000000');
INSERT INTO "run" VALUES(3,'isian','27965cdd971412316678bfb0f5c0a03990b008dc9930d74d0a69f7444461b53c',3,'active',2,'{"before":null,"begun_at":null,"deviations":0,"digest":"27965cdd971412316678bfb0f5c0a03990b008dc9930d74d0a69f7444461b53c","done":{},"doubts":[],"earlier":{},"ended_at":null,"entered_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"extra":0,"files":[],"id":3,"is":"Run","paused_at":null,"paused_for":{"is":"timedelta","value":0.0},"performed":0,"progress":{"is":"Progress","value":"active"},"skipped":0,"sop":"isian","started_at":{"is":"datetime","value":"2026-11-24T01:00:00+00:00"},"starter":3,"step":"isi","taken":{},"ticks":[],"turn":2,"values":{},"visit":1,"visits":{"isi":1}}','2026-11-24 01:00:00.000000','2026-11-24 01:00:00.000000');
CREATE TABLE version (
	digest VARCHAR NOT NULL, 
	sop VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	loaded_at DATETIME NOT NULL, 
	trial_from DATE, 
	CONSTRAINT pk_version PRIMARY KEY (digest), 
	CONSTRAINT uq_version_sop_version UNIQUE (sop, version)
);
INSERT INTO "version" VALUES('a7ffcd460403b5be06b0860d784ac0ed1025bfc16ebf49b075a4454af1a4bc71','surat-baru','2','in force','SOP Surat Masuk','{"aliases":[],"approved_by":{"is":"Signatory","name":"","nip":"","position":""},"continues":"surat-lama","dates":{"effective":null,"is":"Dates","made":null,"revised":null,"trial":null},"digest":"a7ffcd460403b5be06b0860d784ac0ed1025bfc16ebf49b075a4454af1a4bc71","equipment":[],"id":"surat-baru","is":"Sop","kind":{"is":"bot.engine.sop.Kind","value":"technical"},"legal_basis":[],"number":"","phases":[],"positions":[{"external":false,"id":"arsip","is":"Position","recorded_by":null,"title":"Arsiparis"}],"qualifications":[],"records":[],"related":[],"review":{"evaluate":null,"is":"ReviewRule","monitor":null,"trial":null},"scope":{"is":"Scope","value":"micro"},"status":{"is":"Status","value":"in force"},"steps":[{"along":[],"at_least":null,"by":["arsip"],"check":[],"critical":false,"deadline":null,"does":{"is":"Do","next":"simpan"},"evidence":{"files":0,"is":"Evidence","location":false,"photos":0},"help":"","id":"catat","is":"Step","needs":[],"not_before":null,"note":"","number":1,"output":[],"phase":"","record":[],"text":"Mencatat surat","time_note":"","warning":"","within":null},{"along":[],"at_least":null,"by":["arsip"],"check":[],"critical":false,"deadline":null,"does":{"is":"Do","next":null},"evidence":{"files":0,"is":"Evidence","location":false,"photos":0},"help":"","id":"simpan","is":"Step","needs":[],"not_before":null,"note":"","number":2,"output":[],"phase":"","record":[],"text":"Menyimpan surat","time_note":"","warning":"","within":null}],"team":{"author":"arsip","is":"Team","manager":"arsip","supervisor":"arsip"},"title":"SOP Surat Masuk","unit":"Tata Usaha","version":"2","warnings":[]}','2026-11-24 01:00:00.000000',NULL);
INSERT INTO "version" VALUES('afb3be9278d3b9127bdfd2840020ab9472231944d8a5afb3c963f48ea15abb88','bukti','1','in force','SOP Bukti Kerja','{"aliases":[],"approved_by":{"is":"Signatory","name":"","nip":"","position":""},"continues":null,"dates":{"effective":null,"is":"Dates","made":null,"revised":null,"trial":null},"digest":"afb3be9278d3b9127bdfd2840020ab9472231944d8a5afb3c963f48ea15abb88","equipment":[],"id":"bukti","is":"Sop","kind":{"is":"bot.engine.sop.Kind","value":"technical"},"legal_basis":[],"number":"","phases":[],"positions":[{"external":false,"id":"teknisi","is":"Position","recorded_by":null,"title":"Teknisi"}],"qualifications":[],"records":[],"related":[],"review":{"evaluate":null,"is":"ReviewRule","monitor":null,"trial":null},"scope":{"is":"Scope","value":"micro"},"status":{"is":"Status","value":"in force"},"steps":[{"along":[],"at_least":null,"by":["teknisi"],"check":[],"critical":false,"deadline":null,"does":{"is":"Do","next":"berkas"},"evidence":{"files":0,"is":"Evidence","location":false,"photos":2},"help":"","id":"foto","is":"Step","needs":[],"not_before":null,"note":"","number":1,"output":[],"phase":"","record":[],"text":"Memotret mesin dari dua sisi","time_note":"","warning":"","within":null},{"along":[],"at_least":null,"by":["teknisi"],"check":[],"critical":false,"deadline":null,"does":{"is":"Do","next":"tempat"},"evidence":{"files":1,"is":"Evidence","location":false,"photos":0},"help":"","id":"berkas","is":"Step","needs":[],"not_before":null,"note":"","number":2,"output":[],"phase":"","record":[],"text":"Menyerahkan berita acara","time_note":"","warning":"","within":null},{"along":[],"at_least":null,"by":["teknisi"],"check":[],"critical":false,"deadline":null,"does":{"is":"Do","next":"tutup"},"evidence":{"files":0,"is":"Evidence","location":true,"photos":0},"help":"","id":"tempat","is":"Step","needs":[],"not_before":null,"note":"","number":3,"output":[],"phase":"","record":[],"text":"Mengirim tempat mesin","time_note":"","warning":"","within":null},{"along":[],"at_least":null,"by":["teknisi"],"check":[],"critical":false,"deadline":null,"does":{"is":"Do","next":null},"evidence":{"files":0,"is":"Evidence","location":false,"photos":0},"help":"","id":"tutup","is":"Step","needs":[],"not_before":null,"note":"","number":4,"output":[],"phase":"","record":[],"text":"Menutup pekerjaan","time_note":"","warning":"","within":null}],"team":{"author":"teknisi","is":"Team","manager":"teknisi","supervisor":"teknisi"},"title":"SOP Bukti Kerja","unit":"Bengkel","version":"1","warnings":[]}','2026-11-24 01:00:00.000000',NULL);
INSERT INTO "version" VALUES('27965cdd971412316678bfb0f5c0a03990b008dc9930d74d0a69f7444461b53c','isian','1','in force','SOP Isian Harian','{"aliases":["buku jaga"],"approved_by":{"is":"Signatory","name":"","nip":"","position":""},"continues":null,"dates":{"effective":null,"is":"Dates","made":null,"revised":null,"trial":null},"digest":"27965cdd971412316678bfb0f5c0a03990b008dc9930d74d0a69f7444461b53c","equipment":[],"id":"isian","is":"Sop","kind":{"is":"bot.engine.sop.Kind","value":"technical"},"legal_basis":[],"number":"","phases":[],"positions":[{"external":false,"id":"teknisi","is":"Position","recorded_by":null,"title":"Teknisi"}],"qualifications":[],"records":[],"related":[],"review":{"evaluate":null,"is":"ReviewRule","monitor":null,"trial":null},"scope":{"is":"Scope","value":"micro"},"status":{"is":"Status","value":"in force"},"steps":[{"along":[],"at_least":null,"by":["teknisi"],"check":[],"critical":false,"deadline":null,"does":{"is":"Do","next":"lengkap"},"evidence":{"files":0,"is":"Evidence","location":false,"photos":0},"help":"","id":"isi","is":"Step","needs":[],"not_before":null,"note":"","number":1,"output":[],"phase":"","record":[{"asks":{"digits":null,"is":"Text"},"example":"","is":"Field","label":"Ruang","name":"ruang","required":true},{"asks":{"expect":{"high":{"is":"Decimal","value":"80"},"is":"Range","low":{"is":"Decimal","value":"20"}},"is":"Number","limit":{"high":{"is":"Decimal","value":"2000"},"is":"Range","low":{"is":"Decimal","value":"0"}},"unit":"\u00b0C"},"example":"","is":"Field","label":"Suhu","name":"suhu","required":true},{"asks":{"expect":{"high":null,"is":"Range","low":null},"is":"Day","limit":{"high":null,"is":"Range","low":null}},"example":"","is":"Field","label":"Tanggal","name":"tanggal","required":true},{"asks":{"is":"YesNo"},"example":"","is":"Field","label":"Menyala","name":"nyala","required":true},{"asks":{"is":"Choice","options":["Baik","Rusak ringan","Rusak berat"]},"example":"","is":"Field","label":"Keadaan","name":"keadaan","required":true},{"asks":{"is":"Choices","options":["Obeng","Tang","Palu"]},"example":"","is":"Field","label":"Alat","name":"alat","required":true},{"asks":{"digits":null,"is":"Text"},"example":"","is":"Field","label":"Sisa","name":"sisa","required":false}],"text":"Mengisi buku","time_note":"","warning":"","within":null},{"along":[],"at_least":null,"by":["teknisi"],"check":[],"critical":false,"deadline":null,"does":{"is":"Decide","ways":[{"is":"Way","label":"Lengkap","max":null,"next":"simpan","reason":false,"reasons":[],"then":null,"until":null},{"is":"Way","label":"Tidak lengkap","max":2,"next":"isi","reason":true,"reasons":[],"then":"simpan","until":null}]},"evidence":{"files":0,"is":"Evidence","location":false,"photos":0},"help":"","id":"lengkap","is":"Step","needs":[],"not_before":null,"note":"","number":2,"output":[],"phase":"","record":[],"text":"Apakah isian lengkap?","time_note":"","warning":"","within":null},{"along":[],"at_least":null,"by":["teknisi"],"check":["Disalin","Dikunci"],"critical":false,"deadline":null,"does":{"is":"Do","next":"tutup"},"evidence":{"files":0,"is":"Evidence","location":false,"photos":0},"help":"","id":"simpan","is":"Step","needs":[],"not_before":null,"note":"","number":3,"output":[],"phase":"","record":[],"text":"Menyimpan buku","time_note":"","warning":"","within":null},{"along":[],"at_least":null,"by":["teknisi"],"check":[],"critical":false,"deadline":null,"does":{"is":"Do","next":null},"evidence":{"files":0,"is":"Evidence","location":false,"photos":0},"help":"","id":"tutup","is":"Step","needs":[],"not_before":null,"note":"","number":4,"output":[],"phase":"","record":[],"text":"Menutup lemari","time_note":"","warning":"","within":null}],"team":{"author":"teknisi","is":"Team","manager":"teknisi","supervisor":"teknisi"},"title":"SOP Isian Harian","unit":"Bengkel","version":"1","warnings":[]}','2026-11-24 01:00:00.000000',NULL);
INSERT INTO "version" VALUES('89ca31634934b3e7eb70a51282763d67ec208be709e5002b312f1544341949fe','surat-lama','1','withdrawn','SOP Agenda Surat','{"aliases":[],"approved_by":{"is":"Signatory","name":"","nip":"","position":""},"continues":null,"dates":{"effective":null,"is":"Dates","made":null,"revised":null,"trial":null},"digest":"89ca31634934b3e7eb70a51282763d67ec208be709e5002b312f1544341949fe","equipment":[],"id":"surat-lama","is":"Sop","kind":{"is":"bot.engine.sop.Kind","value":"technical"},"legal_basis":[],"number":"","phases":[],"positions":[{"external":false,"id":"arsip","is":"Position","recorded_by":null,"title":"Arsiparis"}],"qualifications":[],"records":[],"related":[],"review":{"evaluate":null,"is":"ReviewRule","monitor":null,"trial":null},"scope":{"is":"Scope","value":"micro"},"status":{"is":"Status","value":"withdrawn"},"steps":[{"along":[],"at_least":null,"by":["arsip"],"check":[],"critical":false,"deadline":null,"does":{"is":"Do","next":null},"evidence":{"files":0,"is":"Evidence","location":false,"photos":0},"help":"","id":"agenda","is":"Step","needs":[],"not_before":null,"note":"","number":1,"output":[],"phase":"","record":[],"text":"Mengagendakan surat","time_note":"","warning":"","within":null}],"team":{"author":"arsip","is":"Team","manager":"arsip","supervisor":"arsip"},"title":"SOP Agenda Surat","unit":"Tata Usaha","version":"1","warnings":[]}','2026-11-24 01:00:00.000000',NULL);
CREATE INDEX ix_card_due ON card (next_at) WHERE want > rendered;
CREATE INDEX ix_deviation_sop ON deviation (sop);
CREATE INDEX ix_inbox_new ON inbox (update_id) WHERE state = 'new';
CREATE INDEX ix_letter_due ON letter (next_at) WHERE state = 'new';
CREATE INDEX ix_reminder_due ON reminder (due_at) WHERE fired_at IS NULL;
CREATE INDEX ix_report_sop ON report (sop);
CREATE INDEX ix_review_sop ON review (sop);
CREATE INDEX ix_run_open ON run (starter) WHERE progress IN ('active', 'paused');
CREATE INDEX ix_run_starter_moved ON run (starter, moved_at);
CREATE INDEX ix_version_sop ON version (sop);
CREATE INDEX ix_file_run ON file (run);
CREATE INDEX ix_file_sha256 ON file (sha256);
CREATE INDEX ix_file_due ON file (next_at) WHERE state = 'new';
CREATE INDEX ix_file_unique_id ON file (unique_id);
COMMIT;
