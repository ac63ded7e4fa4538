// The pool, its clients and their transactions.
#include "store/mongo/connection.hpp"

#include "core/log.hpp"

namespace visavis::inline store::mongo {
namespace {

// The server aborts a transaction by itself when a statement of it fails; that ours then finds nothing to abort is no news.
bool isNews(std::string_view message) { return !message.starts_with("Error in abortTransaction"); }

// libmongoc is started once for the process, and its own chatter goes the way of our log.
void startDriver() {
    static bool const started = [] {
        mongoc_init();
        mongoc_log_set_handler(
            [](mongoc_log_level_t level, char const*, char const* message, void*) {
                if (level <= MONGOC_LOG_LEVEL_WARNING && isNews(message)) log::warning("mongo_driver", {{"what", message}});
            },
            nullptr);
        return true;
    }();
    (void)started;
}

struct Uri {
    explicit Uri(std::string const& text) {
        bson_error_t error;
        uri = mongoc_uri_new_with_error(text.c_str(), &error);
        if (uri == nullptr) throw std::invalid_argument(std::string("the store's address: ") + error.message);
    }
    Uri(Uri const&) = delete;
    Uri& operator=(Uri const&) = delete;
    ~Uri() { mongoc_uri_destroy(uri); }

    // What the operator wrote in the address wins.
    void preset(char const* option, std::int64_t value) {
        if (!mongoc_uri_has_option(uri, option)) mongoc_uri_set_option_as_int32(uri, option, static_cast<std::int32_t>(value));
    }
    std::string hosts() const {
        std::string text;
        for (auto const* host = mongoc_uri_get_hosts(uri); host != nullptr; host = host->next)
            text += (text.empty() ? "" : ",") + std::string(host->host_and_port);
        return text;
    }

    mongoc_uri_t* uri;
};

} // namespace

void failWith(bson_error_t const& error, bson_t const* reply, std::string const& doing) {
    bool const transient = reply != nullptr && mongoc_error_has_label(reply, "TransientTransactionError");
    bool const unknown = reply != nullptr && mongoc_error_has_label(reply, "UnknownTransactionCommitResult");
    throw Failed(doing + ": " + error.message, static_cast<int>(error.code), transient, unknown);
}

void Outcome::fail(std::string const& doing) const { failWith(error_, &reply_, doing); }

Pool::Pool(MongoSettings const& settings) {
    startDriver();
    Uri uri(settings.uri);
    uri.preset(MONGOC_URI_MAXPOOLSIZE, static_cast<std::int64_t>(settings.connections));
    uri.preset(MONGOC_URI_WAITQUEUETIMEOUTMS, settings.poolWait.count());
    uri.preset(MONGOC_URI_SERVERSELECTIONTIMEOUTMS, settings.selectionWait.count());
    uri.preset(MONGOC_URI_CONNECTTIMEOUTMS, settings.selectionWait.count());
    uri.preset(MONGOC_URI_SOCKETTIMEOUTMS, settings.socketWait.count());
    auto const* database = mongoc_uri_get_database(uri.uri);
    database_ = database == nullptr || *database == '\0' ? "visavis" : database;
    hosts_ = uri.hosts();
    bson_error_t error;
    pool_ = mongoc_client_pool_new_with_error(uri.uri, &error);
    if (pool_ == nullptr) throw std::invalid_argument(std::string("the store's address: ") + error.message);
    mongoc_client_pool_set_error_api(pool_, MONGOC_ERROR_API_VERSION_2);
    mongoc_client_pool_set_appname(pool_, "visavis");
    auto* const callbacks = mongoc_apm_callbacks_new();
    mongoc_apm_set_command_started_cb(callbacks, [](mongoc_apm_command_started_t const* event) {
        static_cast<Pool*>(mongoc_apm_command_started_get_context(event))->commands_.fetch_add(1, std::memory_order_relaxed);
    });
    mongoc_client_pool_set_apm_callbacks(pool_, callbacks, this);
    mongoc_apm_callbacks_destroy(callbacks);
}

Pool::~Pool() { mongoc_client_pool_destroy(pool_); }

Client::Client(Pool& pool) : pool_(pool), client_(mongoc_client_pool_pop(pool.pool_)) {
    if (client_ == nullptr) throw StoreUnavailable("no connection to the store became free in time");
}

Client::~Client() { mongoc_client_pool_push(pool_.pool_, client_); }

Bson Client::run(Bson const& command, char const* database) {
    Outcome outcome;
    auto const* const where = database == nullptr ? pool_.database().c_str() : database;
    if (!mongoc_client_command_with_opts(client_, where, View(command).get(), nullptr, nullptr, outcome.reply(), outcome.error()))
        outcome.fail("command");
    return outcome.document();
}

Concerns::Concerns(MongoSettings const& settings)
    : options(mongoc_transaction_opts_new()),
      read_(mongoc_read_concern_new()),
      write_(mongoc_write_concern_new()),
      primary_(mongoc_read_prefs_new(MONGOC_READ_PRIMARY)) {
    mongoc_read_concern_set_level(read_, MONGOC_READ_CONCERN_LEVEL_SNAPSHOT);
    mongoc_write_concern_set_w(write_, MONGOC_WRITE_CONCERN_W_MAJORITY);
    mongoc_write_concern_set_journal(write_, true);
    mongoc_write_concern_set_wtimeout_int64(write_, settings.writeWait.count());
    mongoc_transaction_opts_set_read_concern(options, read_);
    mongoc_transaction_opts_set_write_concern(options, write_);
    mongoc_transaction_opts_set_read_prefs(options, primary_);
    mongoc_transaction_opts_set_max_commit_time_ms(options, settings.writeWait.count());
}

Concerns::~Concerns() {
    mongoc_transaction_opts_destroy(options);
    mongoc_read_concern_destroy(read_);
    mongoc_write_concern_destroy(write_);
    mongoc_read_prefs_destroy(primary_);
}

Transaction::Transaction(Client& client, MongoSettings const& settings) : client_(client) {
    Outcome outcome;
    session_ = mongoc_client_start_session(client.get(), nullptr, outcome.error());
    if (session_ == nullptr) outcome.fail("session");
    bson_init(&options_);
    Concerns const concerns(settings);
    open_ = mongoc_client_session_start_transaction(session_, concerns.options, outcome.error()) &&
            mongoc_client_session_append(session_, &options_, outcome.error());
    if (open_) return;
    mongoc_client_session_destroy(session_);
    bson_destroy(&options_);
    outcome.fail("transaction");
}

Transaction::~Transaction() {
    unresolved_ ? endSession() : abort();
    mongoc_client_session_destroy(session_);
    bson_destroy(&options_);
}

Bson Transaction::run(Bson const& command) {
    Outcome outcome;
    if (!mongoc_client_command_with_opts(client_.get(), client_.database().c_str(), View(command).get(), nullptr, &options_,
                                         outcome.reply(), outcome.error()))
        outcome.fail("command");
    return outcome.document();
}

void Transaction::commit() {
    Outcome outcome;
    unresolved_ = true;
    if (!mongoc_client_session_commit_transaction(session_, outcome.reply(), outcome.error())) outcome.fail("commit");
    open_ = unresolved_ = false;
}

void Transaction::endSession() noexcept {
    open_ = false;
    try {
        std::vector<Bson> const sessions{document(mongoc_client_session_get_lsid(session_))};
        client_.run(Builder().put("killSessions", sessions).take(), "admin");
    } catch (std::exception const& failed) {
        log::warning("session_not_ended", {{"what", failed.what()}});
    }
}

void Transaction::abort() noexcept {
    if (!open_) return;
    open_ = false;
    bson_error_t ignored;
    mongoc_client_session_abort_transaction(session_, &ignored);
}

} // namespace visavis::store::mongo
