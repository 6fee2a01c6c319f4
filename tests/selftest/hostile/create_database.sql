-- Makes another database.
CREATE DATABASE another;
