"""The settings. All of them are set here; modules beside this one hold the timetable, the logs, the ways
to sign in, the policy for pages, and how the database and the broker are spoken to. Every value comes
from the environment, and what is set works after a clone.
`MAINSTAY_ENV=production` refuses development secrets and a clock that is not real."""

from pathlib import Path

from config import broker, database, logs, policy, production, sign_in, timetable
from config.environment import env, flag, words

BASE_DIR = Path(__file__).resolve().parent.parent

DEVELOPMENT_SECRET = "development-only-not-a-secret-0123456789abcdefghijklmnop"  # noqa: S105


# What this is: development (the default), test or production.
MAINSTAY_ENV = env("MAINSTAY_ENV", "development")
PRODUCTION = MAINSTAY_ENV == "production"
DEBUG = flag("DEBUG", False)
SECRET_KEY = env("SECRET_KEY", DEVELOPMENT_SECRET)
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")  # those from before, while they are changed
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
SITE_URL = env("SITE_URL", "http://localhost:8000").rstrip("/")
SITE_NAME = env("SITE_NAME", "Mainstay")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
ROOT_URLCONF = env("ROOT_URLCONF", "config.urls")
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "funding.office",
    "funding.accounts",
    "funding.ledger",
    "funding.projects",
    "funding.programmes",
    "sponsors.companies",
    "sponsors.sponsorships",
    "sponsors.billing",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # TemplatesSetting finds the built-in widgets through it
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sponsors.billing.door.middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "funding.projects.pagecache.middleware",
    "funding.office.nul.middleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "funding.office.context.site",
            ],
        },
    },
]
FORMS_URLFIELD_ASSUME_HTTPS = True  # an address typed without a scheme
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": database.at(
        env("DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'mainstay.sqlite3'}"),
        tested=MAINSTAY_ENV == "test",
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits live in the default cache and must hold over several processes.
REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # with 300, Django's own, many askers end a limit
    },
}

# Signing in: an e-mail address and a code; a password for those who set one.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "funding.accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "funding.accounts.passwords.NotCommon"},
    {"NAME": "funding.accounts.passwords.NotLikeOneself"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_ADAPTER = "funding.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # optional; without it nobody may type one
ACCOUNT_SIGNUP_FORM_CLASS = "funding.accounts.signup.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = sign_in.our_forms(
    "",
    "add_email change_email change_password confirm_email_verification_code confirm_login_code "
    "login reauthenticate request_login_code reset_password reset_password_from_key set_password "
    "signup",
)
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("TRUSTED_PROXY_COUNT", "0"))

# The second factor, and passkeys, which sign in alone.
MFA_ADAPTER = "funding.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = (
    0  # a used code is remembered for one period: valid longer, it could be used twice
)
MFA_FORMS = sign_in.our_forms(
    "Mfa",
    "activate_totp add_webauthn authenticate authenticate_webauthn edit_webauthn login_webauthn "
    "reauthenticate reauthenticate_webauthn",
)

# Signing in through others: those whose credentials are here.
SOCIALACCOUNT_ADAPTER = "funding.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = sign_in.our_forms("Social", "disconnect signup")
SOCIALACCOUNT_PROVIDERS = sign_in.PROVIDERS
INSTALLED_APPS += [f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS]

# What is held about a person: each module says what keeps them, what it holds, and forgets it.
PERSONAL_DATA = [
    "sponsors.billing.personal",
    "sponsors.sponsorships.personal",
    "sponsors.companies.personal",
    "funding.programmes.personal_parts",
    "funding.programmes.personal",
    "funding.programmes.personal_places",
    "funding.projects.personal",
    "funding.accounts.personal",
]

# Mail goes out through the outbox (office.Message); sign-in codes go at once.
EMAIL_BACKEND = env("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_FILE_PATH = env("EMAIL_FILE_PATH", str(BASE_DIR / "var" / "mail"))
EMAIL_HOST = env("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "Mainstay <hello@mainstay.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Stripe. Test mode, live mode and the sandbox differ by these values alone.
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", "sk_test_development")
STRIPE_WEBHOOK_SECRETS = words("STRIPE_WEBHOOK_SECRETS")
STRIPE_API_BASE = env("STRIPE_API_BASE", "https://api.stripe.com").rstrip("/")
STRIPE_HTTP_CLIENT = env("STRIPE_HTTP_CLIENT")  # dotted path of a callable; tests and the demo
STRIPE_PORTAL_CONFIGURATION = env("STRIPE_PORTAL_CONFIGURATION")
STRIPE_AUTOMATIC_TAX = flag("STRIPE_AUTOMATIC_TAX")  # once Stripe Tax is set up on the account

# Who sells: stands on every invoice. Lines of the address are divided by semicolons; who has no tax
# number says "none". DOCUMENT_FONTS is a folder with more fonts, for names in scripts that ours lack.
SELLER_NAME = env("SELLER_NAME", "" if PRODUCTION else "Mainstay Demonstration Ltd")
SELLER_ADDRESS = env(
    "SELLER_ADDRESS", "" if PRODUCTION else "1 Rope Walk; Bristol BS1 6ZJ; United Kingdom"
)
SELLER_TAX_ID = env("SELLER_TAX_ID", "" if PRODUCTION else "GB 123 4567 82")
SELLER_TAX_NAME = env("SELLER_TAX_NAME", "VAT")
SELLER_EMAIL = env("SELLER_EMAIL", "" if PRODUCTION else "invoices@mainstay.example")
SELLER_BANK = env("SELLER_BANK")  # where to transfer to, lines divided by semicolons
DOCUMENT_FONTS = env("DOCUMENT_FONTS")

# The world's clock: the sandbox's, so that a year can be walked through in a minute.
CLOCK_URL = env("CLOCK_URL")

BROKER_URL = env("BROKER_URL", REDIS_URL) or broker.FOLDER
BROKER_DIR = Path(env("BROKER_DIR", str(BASE_DIR / "var" / "broker")))
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS = broker.options(BROKER_URL, BROKER_DIR)
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # a hint that cannot be given is found by the sweeper

CELERY_BEAT_SCHEDULE = timetable.JOBS
CELERY_BEAT_SCHEDULE_FILENAME = env("BEAT_SCHEDULE_FILE", str(BASE_DIR / "var" / "beat"))

# What `check_books` derives again; each names what it finds wrong.
BOOK_CHECKS = [
    "funding.ledger.checks.breaches",
    "funding.projects.checks.breaches",
    "funding.programmes.checks.breaches",
    "sponsors.sponsorships.checks.breaches",
    "sponsors.billing.checks.breaches",
]

# Words and places.
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env("STATIC_ROOT", str(BASE_DIR / "staticfiles")) if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = MAINSTAY_ENV == "test"  # else every test client lists all files anew
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Safety.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["funding.office.uploads.SmallFilesOnly"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "funding.office.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STRIPE_PAGES = words(
    "STRIPE_PAGES",
    "https://checkout.stripe.com https://billing.stripe.com https://invoice.stripe.com",
)
CONTENT_SECURITY_POLICY = policy.forms_lead_to([*STRIPE_PAGES, *sign_in.PAGES])

LOGGING = logs.LINES

if PRODUCTION:
    production.insist(globals(), development_secret=DEVELOPMENT_SECRET)
