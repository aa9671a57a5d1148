# One image for web, worker, beat and migrate: the command decides.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

RUN groupadd --system --gid 1000 chain \
    && useradd --system --uid 1000 --gid chain --home-dir /app --shell /usr/sbin/nologin chain \
    && install -d -o chain -g chain -m 0750 /data

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes --only-binary :all: -r requirements.txt

COPY . .
# The static files are part of the image; uploads and reports live in the volume.
RUN DATA_DIR=/tmp/build DATABASE_URL=postgresql://none@none/none REDIS_URL=redis://none SECRET_KEY=only-for-collecting-files \
    STATIC_ROOT=/app/collected python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build

ENV DATA_DIR=/data STATIC_ROOT=/app/collected DEMO=false
USER chain
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=3", "--threads=4", \
     "--timeout=60", "--graceful-timeout=20", "--max-requests=5000", "--max-requests-jitter=500", "--preload", \
     "--no-control-socket", "--worker-tmp-dir=/dev/shm", "--access-logfile=-", "--logger-class=core.logs.AccessLogger", "--forwarded-allow-ips=*"]
